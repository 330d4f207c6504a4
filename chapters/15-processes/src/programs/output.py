"""What a program says and what it complains of, collected."""

import asyncio
from asyncio.subprocess import PIPE


# ANCHOR: main
async def main():
    script = "echo three taxis are out; echo one has a flat tyre >&2; exit 1"
    child = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=PIPE, stderr=PIPE)
    stdout, stderr = await child.communicate()
    print(f"it says: {stdout.decode().strip()}")
    print(f"it complains: {stderr.decode().strip()}")
    print(f"it ended with {child.returncode}")
# ANCHOR_END: main


asyncio.run(main())
