"""A limit that cancels, and reports only when the clean-up is done."""

import asyncio


# ANCHOR: main
async def ride(n):
    try:
        await asyncio.sleep(n)
    except asyncio.CancelledError:
        print(f"{now()} s  taxi: too long, back to the garage")
        await asyncio.sleep(2)
        print(f"{now()} s  taxi: in the garage")
        raise
    return n


async def main():
    global start
    start = asyncio.get_running_loop().time()
    for n in (1, 60):
        try:
            n = await asyncio.wait_for(ride(n), timeout=3)
            print(f"{now()} s  the ride took {n} s")
        except asyncio.TimeoutError:
            print(f"{now()} s  Timeout!")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
