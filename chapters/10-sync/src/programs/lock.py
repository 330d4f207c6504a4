"""One pump for three taxis: each in its turn, in the order in which they came."""

import asyncio


# ANCHOR: main
litres = 0


async def fill_up(taxi, arrival, pump):
    global litres
    await asyncio.sleep(arrival)
    print(f"{now():2} s  {taxi} comes")
    async with pump:
        print(f"{now():2} s  {taxi} has the pump")
        await asyncio.sleep(4)
        litres += 40
        print(f"{now():2} s  {taxi} goes, {litres} litres sold")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    pump = asyncio.Lock()
    arrivals = [("A", 0), ("B", 1), ("C", 2)]
    taxis = [asyncio.create_task(fill_up(taxi, at, pump)) for taxi, at in arrivals]
    for taxi in taxis:
        await taxi
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
