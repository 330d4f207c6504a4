"""A program is asked, and answers, line by line; meanwhile others have their turns."""

import asyncio
from asyncio.subprocess import PIPE

METER = 'while read miles; do echo "$miles miles: $((3 + 2 * miles))"; done'


# ANCHOR: main
async def main():
    meter = await asyncio.create_subprocess_exec("sh", "-c", METER, stdin=PIPE, stdout=PIPE)
    for miles in [1, 4, 10]:
        meter.stdin.write(f"{miles}\n".encode())
        await meter.stdin.drain()
        print((await meter.stdout.readline()).decode().strip())
    meter.stdin.close()
    end = await meter.stdout.readline()
    print(f"at its end: {'None' if end == b'' else end}")
    print(f"status: {await meter.wait()}")
# ANCHOR_END: main


asyncio.run(main())
