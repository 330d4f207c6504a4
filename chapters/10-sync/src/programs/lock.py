"""One pump for four taxis: each in its turn, in the order in which they came. One does not want to wait so long."""

import asyncio


# ANCHOR: main
litres = 0


async def fill_up(taxi, patience, pump):
    global litres
    print(f"{now():2} s  {taxi} comes")
    try:
        async with asyncio.timeout(patience):
            await pump.acquire()
    except TimeoutError:
        print(f"{now():2} s  {taxi} drives on")
        return
    try:
        print(f"{now():2} s  {taxi} has the pump")
        await asyncio.sleep(4)
        litres += 40
        print(f"{now():2} s  {taxi} goes, {litres} litres sold")
    finally:
        pump.release()


async def main():
    global start
    start = asyncio.get_running_loop().time()
    pump = asyncio.Lock()
    taxis = []
    for taxi, patience in [("A", 60), ("B", 60), ("C", 5), ("D", 60)]:
        taxis.append(asyncio.create_task(fill_up(taxi, patience, pump)))
        await asyncio.sleep(1)
    for taxi in taxis:
        await taxi
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
