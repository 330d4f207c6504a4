"""A timer that is set and cancelled."""

import asyncio


def nothing():
    pass


async def work(size):
    loop = asyncio.get_running_loop()
    for _ in range(size):
        loop.call_later(30, nothing).cancel()
    return size
