"""A taxi waits for an order. One comes, and in the same moment somebody else asks for it."""

import asyncio


# ANCHOR: main
async def taxi(orders):
    order = await orders.get()
    print(f"{now()} s  the taxi has order {order}")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    orders = asyncio.Queue()
    task = asyncio.create_task(taxi(orders))
    await asyncio.sleep(1)
    print(f"{now()} s  order 1 comes")
    orders.put_nowait(1)
    try:
        print(f"{now()} s  the office takes order {orders.get_nowait()}")
    except asyncio.QueueEmpty:
        print(f"{now()} s  the office gets none")
    await asyncio.sleep(1)
    print(f"{now()} s  order 2 comes")
    orders.put_nowait(2)
    await task
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
