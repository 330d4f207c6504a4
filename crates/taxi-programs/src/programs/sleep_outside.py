"""A sleep outside a loop."""

import asyncio


async def lights():
    print("The lights are red.")
    await asyncio.sleep(1)
    print("Now they are green.")


try:
    lights().send(None)
except RuntimeError as error:
    print(f"RuntimeError: {error}")
