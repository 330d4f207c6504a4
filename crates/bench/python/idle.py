"""The memory of an idle task, as Python counts it: coroutine, task, and what the loop keeps of it."""

import asyncio
import tracemalloc


async def idle(state):
    await asyncio.Event().wait()
    return state


async def work(size, state=0):
    tasks = []
    taken = 0
    for _ in range(2):
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        tasks = [asyncio.create_task(idle(bytes(state))) for _ in range(size)]
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        taken = (after - before) // size
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        tasks.clear()
    return taken
