"""A task that gives way, alone."""

import asyncio


async def yields(times):
    for _ in range(times):
        await asyncio.sleep(0)
    return times


async def work(size):
    return await asyncio.create_task(yields(size))
