"""Three items, each a second after the one before."""

import asyncio


# ANCHOR: main
async def async_gen():
    for i in range(3):
        await asyncio.sleep(1)
        yield i


async def main():
    global start
    start = asyncio.get_running_loop().time()
    async for item in async_gen():
        print(f"{now()} s  {item}")
    print(f"{now()} s  over")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
