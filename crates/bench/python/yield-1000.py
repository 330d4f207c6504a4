"""A thousand tasks that give way in turns."""

import asyncio

MANY = 1000


async def yields(times):
    for _ in range(times):
        await asyncio.sleep(0)
    return times


async def work(size):
    tasks = [asyncio.create_task(yields(size // MANY)) for _ in range(MANY)]
    return sum([await task for task in tasks])
