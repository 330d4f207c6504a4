"""There and back over two queues, with room for one each."""

import asyncio


async def pong(arrived, reply):
    while True:
        await reply.put(await arrived.get())


async def ping(times, to, answers):
    total = 0
    for _ in range(times):
        await to.put(1)
        total += await answers.get()
    return total


async def work(size):
    there, back = asyncio.Queue(1), asyncio.Queue(1)
    other = asyncio.create_task(pong(there, back))
    total = await asyncio.create_task(ping(size, there, back))
    other.cancel()
    return total
