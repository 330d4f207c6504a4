"""A context whose entry and exit each take a second."""

import asyncio


# ANCHOR: main
class AsyncResource:
    async def __aenter__(self):
        print(f"{now()} s  opening resource")
        await asyncio.sleep(1)
        return self

    async def __aexit__(self, exc_type, exc, traceback):
        print(f"{now()} s  closing resource")
        await asyncio.sleep(1)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    async with AsyncResource():
        print(f"{now()} s  using resource")
    print(f"{now()} s  closed")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
