"""A generator that takes from an iterator, whose end leaves it."""

import asyncio


# ANCHOR: main
async def shift(fares):
    while True:
        yield next(fares)


async def evening():
    async for fare in shift(iter([12, 7])):
        print(fare)


try:
    asyncio.run(evening())
except RuntimeError as error:
    print(f"RuntimeError: {error}")
# ANCHOR_END: main
