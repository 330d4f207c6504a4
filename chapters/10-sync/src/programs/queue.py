"""A dispatcher writes orders into a book with two lines, two taxis take them. The book is worked off, and closed."""

import asyncio


# ANCHOR: main
async def taxi(name, seconds, orders):
    try:
        while True:
            order = await orders.get()
            print(f"{now():2} s  {name} takes order {order}")
            await asyncio.sleep(seconds)
            orders.task_done()
    finally:
        print(f"{now():2} s  {name} goes home")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    orders = asyncio.Queue(maxsize=2)
    a = asyncio.create_task(taxi("A", 3, orders))
    b = asyncio.create_task(taxi("B", 4, orders))
    for order in range(1, 7):
        await orders.put(order)
        print(f"{now():2} s  order {order} is in the book")
    await orders.join()
    print(f"{now():2} s  every order is done")
    # From Python 3.13 on: orders.shutdown()
    a.cancel()
    b.cancel()
    await asyncio.gather(a, b, return_exceptions=True)
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
