"""One coroutine awaits another, which sleeps for a second."""

import asyncio


# ANCHOR: main
async def compute(x, y):
    print(f"Compute {x} + {y} ...")
    await asyncio.sleep(1)
    return x + y


async def print_sum(x, y):
    print(f"{x} + {y} = {await compute(x, y)}")


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    await print_sum(1, 2)
    print(f"took {round(loop.time() - start)} s")


asyncio.run(main())
# ANCHOR_END: main
