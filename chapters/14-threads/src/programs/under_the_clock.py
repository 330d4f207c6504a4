"""The virtual clock does not jump while a thread is at work for the loop: a limit of a second is not reached."""

import asyncio
import time


# ANCHOR: main
def look_up():
    time.sleep(0.05)
    return "found"


async def main():
    start = asyncio.get_running_loop().time()
    now = lambda: int(asyncio.get_running_loop().time() - start)
    try:
        async with asyncio.timeout(1):
            found = await asyncio.to_thread(look_up)
        print(f"{now()} s  archive: {found}")
    except TimeoutError:
        print(f"{now()} s  a second is over")
    await asyncio.sleep(1)
    print(f"{now()} s  office: closed")
# ANCHOR_END: main


asyncio.run(main())
