"""A blocking call in a coroutine: the taxi on the same thread stands still until the call is over."""

import asyncio
import queue


# ANCHOR: main
def look_up(miles):
    heard = 0
    try:
        while heard < 3:
            miles.get(timeout=0.2)
            heard += 1
    except queue.Empty:
        pass
    return heard


async def drive(miles):
    for mile in range(1, 4):
        print(f"taxi: mile {mile}")
        miles.put(mile)
        await asyncio.sleep(0)


async def main():
    miles = queue.Queue()
    taxi = asyncio.create_task(drive(miles))
    driven = look_up(miles)
    print(f"archive: here it is; {driven} miles were driven meanwhile")
    await taxi
# ANCHOR_END: main


asyncio.run(main())
