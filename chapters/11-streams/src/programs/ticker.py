"""An asynchronous iterator, written by hand, and the `else` of its loop."""

import asyncio


# ANCHOR: ticker
class Ticker:
    """Counts from 0 up to `to`, with `delay` between two numbers."""

    def __init__(self, delay, to):
        self.delay = delay
        self.i = 0
        self.to = to

    def __aiter__(self):
        return self

    async def __anext__(self):
        i = self.i
        if i >= self.to:
            raise StopAsyncIteration
        self.i += 1
        if i:
            await asyncio.sleep(self.delay)
        return i
# ANCHOR_END: ticker


# ANCHOR: main
async def main():
    global start
    start = asyncio.get_running_loop().time()
    async for i in Ticker(2, 3):
        print(f"{now()} s  tick {i}")
    else:
        print(f"{now()} s  no more ticks")

    async for i in Ticker(2, 3):
        print(f"{now()} s  tick {i}")
        if i == 1:
            print(f"{now()} s  the passenger gets out")
            break
    else:
        print(f"{now()} s  no more ticks")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
