"""The passenger goes away without a word: whoever waits goes on waiting."""

import asyncio


# ANCHOR: main
async def main():
    called = asyncio.get_running_loop().create_future()

    def passenger(_caller):
        pass

    passenger(called)
    try:
        street = await asyncio.wait_for(called, 600)
        print(f"driver: on my way to {street}")
    except TimeoutError:
        print("driver: ten minutes, and nobody has called")
# ANCHOR_END: main


asyncio.run(main())
