"""A task that is spawned and awaited."""

import asyncio


async def number(n):
    return n


async def work(size):
    total = 0
    for n in range(size):
        total += await asyncio.create_task(number(n))
    return total
