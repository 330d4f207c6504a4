"""The night of one taxi, as chapter 2's taxi drives it."""

import asyncio

from dice import Dice


async def night(number, unit, grains):
    """Sleeps so many `unit`s, up to `grains` for each second of the longest drive. Returns its events."""
    dice = Dice(number << 32)
    drives = 2 + 2 * (1 + number % 4)
    for drive in range(drives):
        longest = 60 if drive == 0 else 10
        await asyncio.sleep(dice.up_to(longest * grains) * unit)
    return drives


async def nights(taxis, unit, grains):
    tasks = [asyncio.create_task(night(number, unit, grains)) for number in range(taxis)]
    return sum([await task for task in tasks])
