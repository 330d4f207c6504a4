"""A thousand items are ready, and a task takes one after the other."""

import asyncio


# ANCHOR: main
async def main():
    queue = asyncio.Queue()
    for item in range(1000):
        queue.put_nowait(item)
    done = asyncio.Event()

    async def takes_all():
        for _ in range(1000):
            await queue.get()
        done.set()

    async def other():
        turns = 0
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0)
        return turns

    _, turns = await asyncio.gather(takes_all(), other())
    print(f"no budget: {turns} turns of the other")
# ANCHOR_END: main


asyncio.run(main())
