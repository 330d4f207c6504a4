"""A task inside two try blocks is cancelled: the inner one cleans up first, then raises to the outer one."""

import asyncio


# ANCHOR: main
async def with_passenger():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print(f"{now()} s  the passenger gets out")
        await asyncio.sleep(1)
        raise
    print("this line is never reached")


async def shift():
    try:
        await with_passenger()
    except asyncio.CancelledError:
        print(f"{now()} s  back to the garage")
        await asyncio.sleep(3)
        print(f"{now()} s  in the garage")
        raise
# ANCHOR_END: main


async def main():
    global start
    start = asyncio.get_running_loop().time()
    task = asyncio.create_task(shift())
    await asyncio.sleep(5)
    print(f"{now()} s  cancel")
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    print(f"{now()} s  the shift is cancelled: {str(task.cancelled()).lower()}")


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
