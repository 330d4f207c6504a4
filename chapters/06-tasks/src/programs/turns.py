"""Who comes when: spawned tasks, callbacks, yields and timers, all in one queue."""

import asyncio


# ANCHOR: main
async def taxi(name):
    print(f"taxi {name} starts, and yields")
    await asyncio.sleep(0)
    print(f"taxi {name} goes on, and sleeps a second")
    await asyncio.sleep(1)
    print(f"taxi {name} is awake")


async def main():
    loop = asyncio.get_running_loop()
    a = asyncio.create_task(taxi("A"))
    loop.call_soon(print, "a callback")
    b = asyncio.create_task(taxi("B"))
    print("main has spawned two, and yields twice")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("main goes on, sets a timer, and waits for A")
    loop.call_later(1, print, "the timer's callback")
    await a
    print("main has seen A's end, and waits for B")
    await b
    print("main has seen B's end, which did not take a turn")
    c = asyncio.create_task(taxi("C"))
# ANCHOR_END: main


asyncio.run(main())
