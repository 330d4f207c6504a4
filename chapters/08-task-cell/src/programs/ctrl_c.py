"""Ctrl-C in the middle: list the tasks, cancel each, wait until all have ended. The key is simulated by a timer."""

import asyncio


# ANCHOR: ctrl-c
def why(task):
    # Private, but `repr` prints it: `wait_for=<Task …>`.
    if isinstance(task._fut_waiter, asyncio.Task):
        return "join"
    # The innermost of the coroutines that await each other.
    outer, inner = None, task.get_coro()
    while getattr(inner, "cr_await", None) is not None:
        outer, inner = inner, inner.cr_await
    return "sleep" if outer.__name__ == "sleep" else "promise"


def ctrl_c(main):
    print(f"{now()} s  ^C")
    tasks = sorted(asyncio.all_tasks(), key=order.index)
    for task in tasks:
        state = "cancelling" if task.cancelling() else "pending"
        print(f"     {task.get_name():6} {state}, in {why(task)}")
    for task in tasks:
        if task is not main:
            print(f"     cancel {task.get_name()}: {str(task.cancel()).lower()}")
# ANCHOR_END: ctrl-c


# ANCHOR: main
async def work(seconds):
    print(f"{now()} s  wait {seconds} s")
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{now()} s  {seconds} s was too long")
        raise
    return seconds


async def forever():
    await asyncio.get_running_loop().create_future()


async def main():
    global start, order
    start = asyncio.get_running_loop().time()
    main = asyncio.current_task()
    all = [asyncio.create_task(work(n), name=f"work{n}") for n in (1, 10, 15)]
    waits = asyncio.create_task(forever(), name="waits")
    order = [main, *all, waits]
    asyncio.get_running_loop().call_later(2, ctrl_c, main)
    for task in all:
        try:
            seconds = await task
            print(f"{now()} s  done of {seconds}")
        except asyncio.CancelledError:
            print(f"{now()} s  the task was cancelled")
    ended = sum(task.cancelled() for task in all)
    print(f"cancelled: {ended} of 3, and waits: {str(waits.cancelled()).lower()}")
    print(f"tasks left: {len(asyncio.all_tasks())}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
