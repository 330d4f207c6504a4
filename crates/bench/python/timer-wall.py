"""Sleeps of random lengths within a second, on the wall clock: timers alone, no task for each."""

import asyncio

from dice import Dice


def nothing():
    pass


async def work(size):
    loop = asyncio.get_running_loop()
    dice = Dice(1)
    for _ in range(size):
        loop.call_later(dice.up_to(1_000_000) / 1e6, nothing)
    await asyncio.sleep(1.002)
    return size
