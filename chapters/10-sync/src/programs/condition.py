"""A minibus leaves when three passengers wait for it. Whoever comes to the stand says so to all who wait there."""

import asyncio


# ANCHOR: main
waiting = 0


async def bus(name, changed):
    global waiting
    def enough():
        print(f"{now()} s  bus {name} looks: {waiting}")
        return waiting >= 3

    async with changed:
        await changed.wait_for(enough)
        waiting -= 3
        print(f"{now()} s  bus {name} leaves, {waiting} left behind")


async def main():
    global start, waiting
    start = asyncio.get_running_loop().time()
    changed = asyncio.Condition()
    buses = [asyncio.create_task(bus(name, changed)) for name in "AB"]
    for group in [2, 2, 1, 1]:
        await asyncio.sleep(1)
        async with changed:
            waiting += group
            print(f"{now()} s  {group} come, {waiting} wait")
            changed.notify_all()
    for task in buses:
        await task
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
