"""Two drivers pay in at the office. One of the two fares is lost, although no two tasks ever run at once."""

import asyncio


# ANCHOR: main
till = 0


async def pay_in(driver, fare, counting):
    global till
    before = till
    print(f"{now()} s  {driver} reads: {before} in the till")
    await asyncio.sleep(counting)
    till = before + fare
    print(f"{now()} s  {driver} writes: {till}")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    a = asyncio.create_task(pay_in("A", 20, 1))
    b = asyncio.create_task(pay_in("B", 30, 2))
    await a
    await b
    print(f"paid in: 50, in the till: {till}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
