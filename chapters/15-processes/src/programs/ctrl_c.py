"""Ctrl-C in the middle, by a real SIGINT: list the tasks, cancel each, wait until all have ended."""

import asyncio
import os
import signal


def now():
    return round(asyncio.get_running_loop().time())


# ANCHOR: main
async def work(seconds):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{now()} s  {seconds} s was too long")
        await asyncio.sleep(1)
        raise
    print(f"{now()} s  done of {seconds}")


async def main():
    loop = asyncio.get_running_loop()
    key = asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, key.set)
    works = [asyncio.create_task(work(n), name=f"work{n}") for n in (1, 10, 15)]
    loop.call_later(2, os.kill, os.getpid(), signal.SIGINT)

    await key.wait()
    print(f"{now()} s  ^C")
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in sorted(others, key=lambda task: works.index(task)):
        print(f"     {task.get_name()} waits; cancel: {str(task.cancel()).lower()}")
    for task in works:
        if not task.done():
            await asyncio.wait([task])
        end = "cancelled" if task.cancelled() else "finished"
        print(f"{now()} s  {task.get_name()}: {end}")
    print(f"tasks left: {len(asyncio.all_tasks()) - 1}")
# ANCHOR_END: main


asyncio.run(main())
