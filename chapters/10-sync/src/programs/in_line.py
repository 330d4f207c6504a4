"""Two taxis wait for orders. One comes, and in the same moment somebody else asks for it."""

import asyncio


# ANCHOR: main
async def taxi(name, orders):
    try:
        while True:
            order = await orders.get()
            print(f"{now()} s  {name} has order {order}")
            orders.task_done()
    finally:
        print(f"{now()} s  {name} goes home")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    orders = asyncio.Queue()
    taxis = [asyncio.create_task(taxi(name, orders)) for name in "AB"]
    await asyncio.sleep(1)
    print(f"{now()} s  order 1 comes")
    orders.put_nowait(1)
    try:
        print(f"{now()} s  the office takes order {orders.get_nowait()}")
        orders.task_done()
    except asyncio.QueueEmpty:
        print(f"{now()} s  the office gets none")
    await asyncio.sleep(1)
    print(f"{now()} s  order 2 comes, the last one")
    orders.put_nowait(2)
    await orders.join()
    for task in taxis:
        task.cancel()
    await asyncio.gather(*taxis, return_exceptions=True)
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
