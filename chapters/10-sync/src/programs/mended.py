"""The race of `race`, mended twice: with a lock over the await, and by reading and writing with no await in between."""

import asyncio


# ANCHOR: main
async def with_a_lock(driver, fare, counting):
    global till
    async with lock:
        before = till
        print(f"{now()} s  {driver} reads: {before} in the till")
        await asyncio.sleep(counting)
        till = before + fare
        print(f"{now()} s  {driver} writes: {till}")


async def at_once(driver, fare, counting):
    global till
    await asyncio.sleep(counting)
    till += fare
    print(f"{now()} s  {driver} writes: {till}")


async def both(pay_in):
    global start, till, lock
    start = asyncio.get_running_loop().time()
    till = 0
    lock = asyncio.Lock()
    a = asyncio.create_task(pay_in("A", 20, 1))
    b = asyncio.create_task(pay_in("B", 30, 2))
    await a
    await b
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


print("with a lock")
asyncio.run(both(with_a_lock))
print("with no await in between")
asyncio.run(both(at_once))
