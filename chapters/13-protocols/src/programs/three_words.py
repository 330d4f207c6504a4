"""A coroutine, a task and a future: what each does when nobody does anything with it."""

import asyncio


# ANCHOR: fns
async def compute(x, y):
    say(f"  computes {x} + {y}")
    await asyncio.sleep(1)
    return x + y


async def wait_for(name, future):
    say(f"  {name} has {await future}")
# ANCHOR_END: fns


# ANCHOR: main
async def main():
    say("a coroutine is made")
    coroutine = compute(1, 2)
    await asyncio.sleep(2)
    say("the coroutine is awaited")
    say(f"its result: {await coroutine}")

    say("a task is made")
    task = asyncio.create_task(compute(3, 4))
    await asyncio.sleep(2)
    say("the task is awaited")
    say(f"its result: {await task}")

    say("a future is made")
    future = asyncio.get_running_loop().create_future()
    a = asyncio.create_task(wait_for("A", future))
    b = asyncio.create_task(wait_for("B", future))
    await asyncio.sleep(2)
    say("somebody sets its result")
    future.set_result(11)
    await a
    await b
# ANCHOR_END: main


def say(what):
    print(f"{asyncio.get_running_loop().time() - start:.0f} s  {what}")


async def timed():
    global start
    start = asyncio.get_running_loop().time()
    await main()


asyncio.run(timed())
