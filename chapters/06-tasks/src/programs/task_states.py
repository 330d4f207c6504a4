"""A task, printed before, while and after it runs: the states that it really has."""

import asyncio


# ANCHOR: main
async def ride(fare):
    await asyncio.sleep(2)
    return fare


def show(task):
    if task.cancelled():
        return f"{task.get_name()} cancelled"
    if task.done():
        return f"{task.get_name()} finished, result={task.result()}"
    return f"{task.get_name()} pending"


loop = asyncio.new_event_loop()
short = loop.create_task(ride(7))
print("before it runs:     " + show(short))
loop.run_until_complete(asyncio.sleep(1))
print("while it sleeps:    " + show(short))
loop.run_until_complete(asyncio.sleep(2))
print("after its end:      " + show(short))
fare = loop.run_until_complete(short)
print(f"after it was asked: {show(short)}; we have the {fare}")
long = loop.create_task(ride(30))
long.cancel()
loop.run_until_complete(asyncio.sleep(0))
print("it was cancelled:   " + show(long))
loop.close()
# ANCHOR_END: main
