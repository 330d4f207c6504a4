"""Ten tasks sleep for the same second, twice; then one sleeps until a fraction of a second."""

import asyncio


async def sleeper(number):
    await asyncio.sleep(1)
    print(number, end=" ")


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    for _ in range(2):
        await asyncio.gather(*(sleeper(number) for number in range(10)))
        print(f"at {loop.time() - start:.0f}")
    for _ in range(10):
        await asyncio.sleep(0.1)
    print(f"at {loop.time() - start:.1f}")


asyncio.run(main())
