"""A task group: its children end before it does, and one failure cancels the others."""

import asyncio


# ANCHOR: ride
async def ride(name, seconds):
    print(f"{now()} s  taxi {name}: a ride of {seconds} s")
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{now()} s  taxi {name}: back to the garage")
        await asyncio.sleep(1)
        print(f"{now()} s  taxi {name}: in the garage")
        raise
    if name == "C":
        raise RuntimeError("taxi C has a flat tyre")
    print(f"{now()} s  taxi {name}: there")
# ANCHOR_END: ride


# ANCHOR: main
async def send_out(*taxis):
    try:
        async with asyncio.TaskGroup() as group:
            for name, seconds in taxis:
                group.create_task(ride(name, seconds))
            print(f"{now()} s  main: all are sent out")
            await asyncio.sleep(5)
            print(f"{now()} s  main: had a coffee")
        print(f"{now()} s  main: all are there")
    except* RuntimeError as group:
        print(f"{now()} s  main: {group.exceptions[0]}")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    await send_out(("A", 1), ("B", 6))
    await send_out(("A", 1), ("B", 9), ("C", 2))
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
