"""Whoever waits is cancelled; what it waits for goes on and finishes."""

import asyncio


# ANCHOR: main
async def save(fare):
    print(f"{now()} s  saving {fare}")
    try:
        await asyncio.sleep(3)
    except asyncio.CancelledError:
        print(f"{now()} s  half a line is in the book")
        raise
    print(f"{now()} s  saved {fare}")


async def drive(shielded):
    if shielded:
        await asyncio.shield(save(60))
    else:
        await save(30)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    for shielded in (False, True):
        driver = asyncio.create_task(drive(shielded))
        await asyncio.sleep(1)
        print(f"{now()} s  cancel the driver: {str(driver.cancel()).lower()}")
        try:
            await driver
        except asyncio.CancelledError:
            print(f"{now()} s  driver: the task was cancelled")
        await asyncio.sleep(4)
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
