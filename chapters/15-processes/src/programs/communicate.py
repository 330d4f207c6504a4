"""A megabyte goes to a program and comes back, though a pipe holds much less."""

import asyncio
from asyncio.subprocess import PIPE


# ANCHOR: main
async def main():
    cat = await asyncio.create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    stdout, _ = await cat.communicate(b"." * (1 << 20))
    print(f"{len(stdout)} bytes came back")

    sort = await asyncio.create_subprocess_exec("sort", stdin=PIPE, stdout=PIPE)
    stdout, _ = await sort.communicate(b"taxi C\ntaxi A\ntaxi B\n")
    for line in stdout.decode().splitlines():
        print(line)
# ANCHOR_END: main


asyncio.run(main())
