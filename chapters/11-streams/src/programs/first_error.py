"""A generator that fails: its items come first, and then its exception."""

import asyncio


# ANCHOR: main
async def fares():
    for text in ["12", "7", "nine", "30"]:
        await asyncio.sleep(5)
        yield int(text)


async def evening():
    total = 0
    async for fare in fares():
        total += fare
        print(f"{now():2} s  {total} so far")
    return total


async def main():
    global start
    start = asyncio.get_running_loop().time()
    try:
        total = await evening()
        print(f"{now():2} s  {total} in all")
    except ValueError:
        print(f"{now():2} s  that was no number")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
