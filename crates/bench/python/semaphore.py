"""A permit that is free: taken and given back."""

import asyncio


async def work(size):
    semaphore, total = asyncio.Semaphore(3), 0
    for _ in range(size):
        async with semaphore:
            total += 1
    return total
