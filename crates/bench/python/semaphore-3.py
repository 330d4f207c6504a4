"""Many tasks that go through a semaphore of 3, each stopping once inside."""

import asyncio


async def through(semaphore):
    async with semaphore:
        await asyncio.sleep(0)
        return 1


async def work(size):
    semaphore = asyncio.Semaphore(3)
    tasks = [asyncio.create_task(through(semaphore)) for _ in range(size)]
    return sum([await task for task in tasks])
