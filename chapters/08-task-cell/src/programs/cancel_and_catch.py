"""A task is cancelled, sees it at its await, cleans up with an await, and ends as cancelled."""

import asyncio


# ANCHOR: main
async def ride():
    print(f"{now()} s  taxi: a ride of a minute")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print(f"{now()} s  taxi: cancelled, back to the garage")
        await asyncio.sleep(3)
        print(f"{now()} s  taxi: in the garage")
        raise
    return 30


async def main():
    global start
    start = asyncio.get_running_loop().time()
    task = asyncio.create_task(ride())
    await asyncio.sleep(5)
    print(f"{now()} s  main: cancel, {str(task.cancel()).lower()}")
    try:
        fare = await task
        print(f"{now()} s  main: the fare is {fare}")
    except asyncio.CancelledError:
        print(f"{now()} s  main: Cancelled")
    print(f"{now()} s  main: cancel, {str(task.cancel()).lower()}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
