"""The first of two, one of which gives way once and the other never ends."""

import asyncio


async def soon():
    await asyncio.sleep(0)


async def never():
    await asyncio.get_running_loop().create_future()


async def work(size):
    total = 0
    for _ in range(size):
        tasks = [asyncio.create_task(soon()), asyncio.create_task(never())]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        total += tasks[0] in done
        for task in pending:
            task.cancel()
    return total
