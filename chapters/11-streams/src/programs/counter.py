"""An asynchronous iterator that waits before each number."""

import asyncio


# ANCHOR: main
class AsyncCounter:
    def __init__(self, stop):
        self.current = 0
        self.stop = stop

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.current < self.stop:
            await asyncio.sleep(1)
            self.current += 1
            return self.current
        else:
            raise StopAsyncIteration


async def main():
    global start
    start = asyncio.get_running_loop().time()
    async for i in AsyncCounter(3):
        print(f"{now()} s  {i}")
    print(f"{now()} s  over")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
