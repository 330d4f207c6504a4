"""Waits for an event that nobody sets."""

import asyncio


async def forever():
    await asyncio.Event().wait()


async def main():
    print("waiting")
    waiter = asyncio.create_task(forever(), name="waiter")
    await waiter


asyncio.run(main())
