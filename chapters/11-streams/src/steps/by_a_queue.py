"""Fares through a queue: the taxi drives on when nobody wants more."""

import asyncio


# ANCHOR: main
async def shift(rides, fares):
    for ride in range(rides):
        await asyncio.sleep(5)
        print(f"{now():2} s  taxi: ride {ride} is over")
        await fares.put(10 + ride)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    fares = asyncio.Queue()
    taxi = asyncio.create_task(shift(3, fares))
    fare = await fares.get()
    print(f"{now():2} s  main: {fare}, that will do")
    await taxi
    print(f"{now():2} s  main: {fares.qsize()} left over")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
