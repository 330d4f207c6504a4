"""Ten tasks that sleep one second, on asyncio's own timer heap.

ties: stock
"""

import asyncio

order = []


# ANCHOR: main
async def taxi(number):
    await asyncio.sleep(1)
    order.append(str(number))


async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(taxi(number))
    print("due at 1 s, resumed in this order:", " ".join(order))


asyncio.run(main())
# ANCHOR_END: main
