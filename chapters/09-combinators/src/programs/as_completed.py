"""Taxis as they arrive, with one limit for all of them together."""

import asyncio


# ANCHOR: main
async def taxi(name, drive):
    await asyncio.sleep(drive)
    return name


async def main():
    global start
    start = asyncio.get_running_loop().time()
    taxis = [taxi("A", 3), taxi("B", 60), taxi("C", 1), taxi("D", 2)]
    for arrival in asyncio.as_completed(taxis, timeout=5):
        try:
            name = await arrival
            print(f"{now()} s  taxi {name} is here")
        except TimeoutError:
            print(f"{now()} s  the time was up")
    print(f"{now()} s  that was all")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
