"""Groups within a group: one request at the root, and each branch is over when its leaves are."""

import asyncio


# ANCHOR: main
async def taxi(name, way_home):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(way_home)
        print(f"{now()} s  taxi {name}: in the garage")
        raise


async def office(name, *taxis):
    try:
        async with asyncio.TaskGroup() as group:
            for each in taxis:
                group.create_task(taxi(*each))
    except asyncio.CancelledError:
        print(f"{now()} s  office {name}: all are home")
        raise


async def night():
    async with asyncio.TaskGroup() as group:
        group.create_task(office("North", ("A", 1), ("B", 4)))
        group.create_task(office("South", ("C", 2), ("D", 3)))
# ANCHOR_END: main


async def main():
    global start
    start = asyncio.get_running_loop().time()
    task = asyncio.create_task(night())
    await asyncio.sleep(5)
    print(f"{now()} s  main: cancel, {str(task.cancel()).lower()}")
    try:
        await task
    except asyncio.CancelledError:
        print(f"{now()} s  main: the task was cancelled")


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
