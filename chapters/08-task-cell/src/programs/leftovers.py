"""The end of asyncio.run: what is left is cancelled, and driven to its end."""

import asyncio
import itertools


# ANCHOR: main
async def report():
    for page in itertools.count(1):
        print(f"{now():4} ms  page {page} is begun")
        try:
            await asyncio.sleep(0.75)
        except asyncio.CancelledError:
            print(f"{now():4} ms  cancelled, one line more")
            await asyncio.sleep(0.25)
            print(f"{now():4} ms  page {page} leaves the desk")
            raise


async def printer():
    try:
        await asyncio.Future()
    except asyncio.CancelledError:
        await asyncio.sleep(0.1)
        print(f"{now():4} ms  the printer is off")
        raise


async def main():
    global start
    start = 0
    start = now()
    task = asyncio.create_task(report())
    task.add_done_callback(lambda task: print(f"{now():4} ms  cancelled: {str(task.cancelled()).lower()}"))
    other = asyncio.create_task(printer())
    await asyncio.sleep(2)
    print(f"{now():4} ms  main is over")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() * 1000) - start


asyncio.run(main())
print("run has returned")
