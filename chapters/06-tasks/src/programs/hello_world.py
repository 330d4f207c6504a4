"""Hello, a second, world: one second for one task, and one second for two."""

import asyncio


# ANCHOR: main
async def hello(name):
    print(f"{now()} s  {name} says hello")
    await asyncio.sleep(1)
    print(f"{now()} s  {name} says world")


async def both():
    b = asyncio.create_task(hello("B"))
    c = asyncio.create_task(hello("C"))
    print(f"{now()} s  both are spawned, none has begun")
    await b
    await c
    print(f"{now()} s  both are over")
# ANCHOR_END: main


async def timed(coroutine):
    global start
    start = asyncio.get_running_loop().time()
    await coroutine


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(timed(hello("A")))
print()
asyncio.run(timed(both()))
