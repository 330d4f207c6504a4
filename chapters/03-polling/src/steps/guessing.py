"""A taxi that waits for the telephone and can only sleep: it guesses."""

import asyncio

RINGS = 7250


# ANCHOR: taxi
async def taxi(guess):
    loop = asyncio.get_running_loop()
    started, looks = loop.time(), 1
    while (now := round((loop.time() - started) * 1000)) < RINGS:
        await asyncio.sleep(guess / 1000)
        looks += 1
    print(f"looks every {guess:4} ms: {looks:4} looks, {now - RINGS:4} ms late")
# ANCHOR_END: taxi


async def main():
    for guess in (5000, 1000, 100, 1):
        await taxi(guess)


asyncio.run(main())
