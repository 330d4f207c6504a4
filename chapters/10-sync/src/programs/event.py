"""A gate that opens for all who wait, lets later ones through at once, and is shut again."""

import asyncio


# ANCHOR: main
async def through(taxi, arrival, is_open):
    await asyncio.sleep(arrival)
    print(f"{now()} s  {taxi} is at the gate")
    await is_open.wait()
    print(f"{now()} s  {taxi} is through")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    is_open = asyncio.Event()
    arrivals = [("A", 0), ("B", 1), ("C", 4), ("D", 6)]
    taxis = [asyncio.create_task(through(taxi, at, is_open)) for taxi, at in arrivals]
    await asyncio.sleep(3)
    print(f"{now()} s  the gate opens")
    is_open.set()
    await asyncio.sleep(2)
    print(f"{now()} s  the gate is shut")
    is_open.clear()
    await asyncio.sleep(2)
    print(f"{now()} s  opened, and shut at once")
    is_open.set()
    is_open.clear()
    for taxi in taxis:
        await taxi
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
