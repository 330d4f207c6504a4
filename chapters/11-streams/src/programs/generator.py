"""The ticker as an asynchronous generator: it sleeps after its last number too."""

import asyncio


# ANCHOR: ticker
async def ticker(delay, to):
    for i in range(to):
        yield i
        await asyncio.sleep(delay)
# ANCHOR_END: ticker


# ANCHOR: main
async def main():
    global start
    start = asyncio.get_running_loop().time()
    async for i in ticker(2, 3):
        print(f"{now()} s  tick {i}")
    print(f"{now()} s  no more ticks")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
