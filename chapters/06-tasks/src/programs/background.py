"""A task in the background, while the main one sleeps two seconds. Then the loop closes."""

import asyncio


# ANCHOR: main
async def report():
    for page in range(1, 6):
        print(f"{now():4} ms  page {page} is begun")
        try:
            await asyncio.sleep(0.75)
        except asyncio.CancelledError:
            print("         cancelled: may clean up, and even await")
            raise
        finally:
            print(f"         page {page} leaves the desk")


async def main():
    task = asyncio.create_task(report())
    await asyncio.sleep(2)
    print(f"{now():4} ms  main is over")
    task.add_done_callback(lambda task: print(f"         cancelled: {task.cancelled()}"))
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() * 1000) - start


async def timed():
    global start
    start = 0
    start = now()
    await main()


asyncio.run(timed())
