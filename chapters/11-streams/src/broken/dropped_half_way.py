"""A generator that is left half-way: when its `finally` runs is not for the loop that left to say."""

import asyncio


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
    fares = shift()
    async for fare in fares:
        print(f"{now():2} s  main: {fare}")
        if fare > 10:
            break
    print(f"{now():2} s  main: the taxi is in the garage?")
    await asyncio.sleep(1)
    print(f"{now():2} s  main: over")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


print("asyncio.run")
asyncio.run(main())

print("run_until_complete")
loop = asyncio.new_event_loop()
# The loop would complain of a task that never began: the one that was to close the generator.
loop.set_exception_handler(lambda loop, context: None)
loop.run_until_complete(main())
loop.close()
