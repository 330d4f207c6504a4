"""What one program writes, another reads: the pipe is the operating system's, and the loop sees nothing of it."""

import asyncio
import os
from asyncio.subprocess import PIPE


# ANCHOR: main
async def main():
    reads, writes = os.pipe()
    rides = b"taxi B\ntaxi A\ntaxi B\ntaxi C\ntaxi A\ntaxi B\n"
    sort = await asyncio.create_subprocess_exec("sort", stdin=PIPE, stdout=writes)
    os.close(writes)
    count = await asyncio.create_subprocess_exec("uniq", "-c", stdin=reads, stdout=PIPE)
    os.close(reads)
    _, (counted, _) = await asyncio.gather(sort.communicate(rides), count.communicate())
    for line in counted.decode().splitlines():
        print(line.strip())
# ANCHOR_END: main


asyncio.run(main())
