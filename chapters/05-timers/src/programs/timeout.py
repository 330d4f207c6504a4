"""Waiting, but not for ever: who wins, what is dropped, nested limits, a limit that is moved."""

import asyncio


# ANCHOR: trip
async def trip(seconds):
    try:
        await asyncio.sleep(seconds)
        return "there"
    finally:
        print(f"{now():2} s  the taxi is free")


async def at_most(limit, coroutine):
    async with asyncio.timeout(limit):
        return await coroutine
# ANCHOR_END: trip


async def there():
    return "there"


async def report(what, coroutine):
    try:
        result = await coroutine
    except TimeoutError:
        result = "the time was up"
    print(f"{now():2} s  {what}: {result}")


async def inner_limit(limit, coroutine):
    try:
        return await at_most(limit, coroutine)
    except TimeoutError:
        return "inner limit"


# ANCHOR: main
async def main():
    await report("1 s of 2", at_most(2, trip(1)))
    await report("3 s of 2", at_most(2, trip(3)))
    await report("2 s of 2", at_most(2, trip(2)))
    await report("0 s of 0", at_most(0, there()))

    await report("1 s within 2", at_most(2, inner_limit(1, trip(3))))
    await report("2 s within 1", at_most(1, inner_limit(2, trip(3))))

    loop = asyncio.get_running_loop()

    async def moved():
        async with asyncio.timeout(2) as limit:
            later = loop.time() + 4
            loop.call_later(1, move_limit, limit, later)
            return await trip(3)

    await report("3 s of 2, moved to 4", moved())
# ANCHOR_END: main


def move_limit(limit, deadline):
    print(f"{now():2} s  the limit is moved")
    limit.reschedule(deadline)


start = None


def now():
    return round(asyncio.get_running_loop().time() - start)


async def run():
    global start
    start = asyncio.get_running_loop().time()
    await main()


asyncio.run(run())
