"""A million numbers from an asynchronous iterator and from an asynchronous generator. `--times` measures them."""

import asyncio
import sys
import time


# ANCHOR: ways
class ByHand:
    def __init__(self, items):
        self.i = 0
        self.items = items

    def __aiter__(self):
        return self

    async def __anext__(self):
        i = self.i
        if i >= self.items:
            raise StopAsyncIteration
        self.i += 1
        return i


async def generator(items):
    for i in range(items):
        yield i
# ANCHOR_END: ways


async def total(numbers):
    return sum([i async for i in numbers])


def measure(way, items=1_000_000):
    begin = time.process_time()
    sum_of_all = asyncio.run(total(way(items)))
    took = (time.process_time() - begin) / items * 1e9
    print(f"{way.__name__}: {sum_of_all}")
    if "--times" in sys.argv:
        print(f"{way.__name__}: {took:.0f} ns for each")


measure(ByHand)
measure(generator)
