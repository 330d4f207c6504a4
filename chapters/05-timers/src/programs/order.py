"""Who is first when many are due at once: callbacks before sleepers, each in the order in which they asked."""

import asyncio


# ANCHOR: main
async def taxi(name, *waits):
    for wait in waits:
        await asyncio.sleep(wait)
        print(f"{now()} s  taxi {name}")


def remind(seconds, of):
    loop = asyncio.get_running_loop()
    loop.call_later(seconds, lambda: print(f"{now()} s  callback: {of}"))


async def reminders():
    await asyncio.sleep(1)
    remind(1, "a light is left on")
    remind(1, "the tank is empty")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    await asyncio.gather(taxi("A", 1, 1), taxi("B", 2), taxi("C", 2), reminders())
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
