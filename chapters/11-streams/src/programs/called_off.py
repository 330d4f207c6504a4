"""A task that is cancelled while it leaves a context: the exit is cut off where it waits."""

import asyncio


# ANCHOR: main
class Ride:
    async def __aenter__(self):
        pass

    async def __aexit__(self, exc_type, exc, traceback):
        print(f"{now():2} s  back to the garage")
        await asyncio.sleep(4)
        print(f"{now():2} s  in the garage")


async def shift():
    async with Ride():
        await asyncio.sleep(1)
    print(f"{now():2} s  the shift is over")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    task = asyncio.create_task(shift())
    await asyncio.sleep(2)
    print(f"{now():2} s  cancel: {str(task.cancel()).lower()}")
    try:
        await task
    except asyncio.CancelledError:
        pass
    print(f"{now():2} s  cancelled: {str(task.cancelled()).lower()}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
