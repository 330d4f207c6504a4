"""The pump is given back, and the taxi whose turn it is is cancelled before it has moved. The next one gets the turn."""

import asyncio


# ANCHOR: main
async def fill_up(taxi, pump):
    async with pump:
        print(f"{now()} s  {taxi} has the pump")
        await asyncio.sleep(4)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    pump = asyncio.Lock()
    await pump.acquire()
    b = asyncio.create_task(fill_up("B", pump))
    c = asyncio.create_task(fill_up("C", pump))
    await asyncio.sleep(3)
    print(f"{now()} s  A goes: it is B's turn")
    pump.release()
    print(f"{now()} s  B is cancelled, and D comes")
    b.cancel()
    d = asyncio.create_task(fill_up("D", pump))
    await c
    await d
    print(f"{now()} s  B was cancelled: {str(b.cancelled()).lower()}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
