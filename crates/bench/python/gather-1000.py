"""A thousand tasks that are gathered, again and again."""

import asyncio

MANY = 1000


async def number(n):
    return n


async def work(size):
    total = 0
    for _ in range(size // MANY):
        total += sum(await asyncio.gather(*(number(n) for n in range(MANY))))
    return total
