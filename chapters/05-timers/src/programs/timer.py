"""A timer that calls back, by sleeping and by itself; and one that is cancelled."""

import asyncio


# ANCHOR: main
async def timer(wait, callback):
    await asyncio.sleep(wait)
    callback()


def cancel(handle):
    was_to_come = not handle.cancelled()
    handle.cancel()
    return was_to_come


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    now = lambda: round(loop.time() - start)
    await timer(3, lambda: print(f"{now()} s  Done"))

    loop.call_later(3, lambda: print(f"{now()} s  Done"))
    other = loop.call_later(5, lambda: print("never said"))
    await asyncio.sleep(4)
    print(f"{now()} s  cancelled: {str(cancel(other)).lower()}")
    await asyncio.sleep(4)
    print(f"{now()} s  cancelled: {str(cancel(other)).lower()}")


asyncio.run(main())
# ANCHOR_END: main
