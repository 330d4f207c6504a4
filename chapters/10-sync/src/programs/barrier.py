"""Three taxis drive in a convoy: at each stop they wait until all are there, and one of them tells the office."""

import asyncio


# ANCHOR: main
async def drive(taxi, legs, stop):
    for leg in legs:
        await asyncio.sleep(leg)
        print(f"{now()} s  {taxi} is at the stop")
        if await stop.wait() == 2:
            print(f"{now()} s  {taxi} tells the office: all are here")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    stop = asyncio.Barrier(3)
    legs = [("A", [1, 3]), ("B", [2, 1]), ("C", [4, 2])]
    taxis = [asyncio.create_task(drive(taxi, legs, stop)) for taxi, legs in legs]
    for taxi in taxis:
        await taxi
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
