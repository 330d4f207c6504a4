"""Ctrl-C by one request: to the gather of all tasks, to a task that gathers, to a task that waits."""

import asyncio


# ANCHOR: work
async def work(seconds):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{now()} s  {seconds} s was too long")
        await asyncio.sleep(1)
        raise
    print(f"{now()} s  done of {seconds}")


async def ctrl_c(how, outer):
    print(how)
    await asyncio.sleep(2)
    print(f"{now()} s  ^C {str(outer.cancel()).lower()}")
    try:
        await outer
    except asyncio.CancelledError:
        others = len(asyncio.all_tasks()) - 1
        print(f"{now()} s  the task was cancelled, others left: {others}")
    await asyncio.sleep(5)
# ANCHOR_END: work


# ANCHOR: main
async def gathers():
    await asyncio.gather(work(1), work(3), work(4))


async def waits():
    await asyncio.wait([asyncio.create_task(work(n)) for n in (1, 3, 4)])


async def main():
    global start
    start = asyncio.get_running_loop().time()
    # The gather itself, which is a future and no task.
    all = asyncio.gather(*[asyncio.create_task(work(n)) for n in (1, 3, 4)])
    await ctrl_c("the gather of all tasks", all)
    await ctrl_c("a task that gathers", asyncio.create_task(gathers()))
    await ctrl_c("a task that waits", asyncio.create_task(waits()))
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
