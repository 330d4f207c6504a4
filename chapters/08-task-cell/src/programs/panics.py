"""A task raises. It ends alone, and whoever awaits it gets the exception."""

import asyncio


# ANCHOR: main
async def taxi(name, luck):
    await asyncio.sleep(1)
    assert luck, "a flat tyre"
    await asyncio.sleep(1)
    return name


async def main():
    start = asyncio.get_running_loop().time()
    now = lambda: round(asyncio.get_running_loop().time() - start)
    a, b = asyncio.create_task(taxi("A", False)), asyncio.create_task(taxi("B", True))
    for task in [a, b]:
        try:
            name = await task
            print(f"{now()} s  taxi {name} is there")
        except AssertionError as error:
            print(f"{now()} s  a taxi is not: {error}")
# ANCHOR_END: main


asyncio.run(main())
