"""A bounded queue before a slow consumer: the producer gets ahead by so much, and no further."""

import asyncio


# ANCHOR: main
async def fares():
    for fare in range(6):
        await asyncio.sleep(1)
        yield fare


async def taxi(queue):
    async for fare in fares():
        print(f"{now():2} s  taxi: brings {fare}")
        await queue.put(fare)
    await queue.put(None)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    queue = asyncio.Queue(2)
    task = asyncio.create_task(taxi(queue))
    while (fare := await queue.get()) is not None:
        await asyncio.sleep(3)
        print(f"{now():2} s  main: {fare} is counted")
    await task
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
