"""Four rides, waited for in four ways: the first that ends, a limit, the first that fails, all. Nothing is cancelled."""

import asyncio
import json


# ANCHOR: main
async def ride(n):
    await asyncio.sleep(n)
    if n == 6:
        raise RuntimeError("a flat tyre")
    return n


def show(rides, done, pending):
    # Both are sets. The order is that of the arguments.
    def names(some):
        return json.dumps([ride.get_name() for ride in rides if ride in some])

    print(f"{now()} s  done {names(done)}, pending {names(pending)}")
    for ride in done:
        ride.exception()  # Asked for, or asyncio complains that nobody did.
    return [ride for ride in rides if ride in pending]


async def main():
    global start
    start = asyncio.get_running_loop().time()
    rides = [asyncio.create_task(ride(n), name=f"ride {n}") for n in (8, 6, 4, 2)]
    left = show(rides, *await asyncio.wait(rides, return_when=asyncio.FIRST_COMPLETED))
    left = show(left, *await asyncio.wait(left, timeout=3))
    left = show(left, *await asyncio.wait(left, return_when=asyncio.FIRST_EXCEPTION))
    left = show(left, *await asyncio.wait(left))
    assert not left
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
