"""Eight rides, three taxis: each takes the next ride as soon as it has ended one. Never more than three are out."""

import asyncio
from collections import deque


# ANCHOR: main
async def taxi(name):
    global out, most
    while rides:
        seconds = rides.popleft()
        out += 1
        most = max(most, out)
        print(f"{now()} s  {name} takes {seconds} s")
        await asyncio.sleep(seconds)
        out -= 1


async def main():
    global start, rides, out, most
    start = asyncio.get_running_loop().time()
    rides, out, most = deque([3, 1, 4, 1, 5, 2, 1, 1]), 0, 0
    async with asyncio.TaskGroup() as group:
        for name in "ABC":
            group.create_task(taxi(name))
    print(f"{now()} s  all are home, at most {most} were out")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
