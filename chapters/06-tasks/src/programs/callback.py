"""Callbacks on a task: it ends, then they are called, then whoever awaits it goes on."""

import asyncio


# ANCHOR: main
async def ride():
    await asyncio.sleep(2)
    print("the ride ends")
    return 7


async def short_ride():
    return 8


async def main():
    task = asyncio.create_task(ride())
    task.add_done_callback(lambda task: print(f"first callback: the fare is {task.result()}"))
    task.add_done_callback(lambda task: print(f"second callback: {task.result()}, really"))
    fare = await task
    print(f"the one who awaited it has the {fare}")

    over = asyncio.create_task(short_ride())
    await asyncio.sleep(1)
    over.add_done_callback(lambda over: print(f"asked after the end, called soon: {over.result()}"))
    print("asked")
    await asyncio.sleep(0)
# ANCHOR_END: main


asyncio.run(main())
