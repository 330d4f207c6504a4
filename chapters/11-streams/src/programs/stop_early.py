"""A loop that has seen enough closes its generator, which still drives to the garage."""

import asyncio
from contextlib import aclosing


# ANCHOR: main
async def shift():
    try:
        for fare in [12, 7, 30, 9]:
            await asyncio.sleep(5)
            yield fare
    finally:
        print(f"{now():2} s  taxi: back to the garage")
        await asyncio.sleep(3)
        print(f"{now():2} s  taxi: in the garage")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    total = 0
    async with aclosing(shift()) as fares:
        async for fare in fares:
            total += fare
            print(f"{now():2} s  main: {fare}, which makes {total}")
            if total >= 15:
                break
        print(f"{now():2} s  main: that will do")
    print(f"{now():2} s  main: the taxi is closed")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
