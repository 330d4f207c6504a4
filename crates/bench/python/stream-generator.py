"""The items of an async generator."""


async def generator(items):
    for n in range(items):
        yield n


async def work(size):
    total = 0
    async for n in generator(size):
        total += n
    return total
