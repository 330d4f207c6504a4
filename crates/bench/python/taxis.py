"""Taxis on virtual time, nearly every event at an instant of its own."""

from taxi import nights

VIRTUAL = True


async def work(size):
    return await nights(size, 0.001, 1_000_000)
