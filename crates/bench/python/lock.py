"""A lock that is free: taken, used and given back."""

import asyncio


async def work(size):
    lock, count = asyncio.Lock(), 0
    for _ in range(size):
        async with lock:
            count += 1
    return count
