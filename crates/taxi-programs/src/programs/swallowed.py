"""Three rides are called off. One passes it on, and two swallow it."""

import asyncio


async def polite():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(1)
        raise


async def absent_minded():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(1)


async def stubborn():
    while True:
        try:
            return await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("stubborn: something went wrong")


async def main():
    rides = [
        asyncio.create_task(polite(), name="polite"),
        asyncio.create_task(absent_minded(), name="absent-minded"),
        asyncio.create_task(stubborn(), name="stubborn"),
    ]
    for _ in range(2):
        await asyncio.sleep(5)
        for ride in rides:
            print(f"{ride.get_name()} cancel: {ride.cancel()}")
    for ride in rides:
        try:
            print(f"{ride.get_name()}: Ok({await ride})")
        except asyncio.CancelledError:
            print(f"{ride.get_name()}: Err(Cancelled)")


asyncio.run(main(), debug=True)
