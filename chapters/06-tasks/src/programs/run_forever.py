"""A loop that runs until somebody inside stops it: one task, then two, stopped when both are over."""

import asyncio


# ANCHOR: main
async def work(seconds):
    print(f"{now()} s  works for {seconds} s")
    await asyncio.sleep(seconds)
    print(f"{now()} s  has worked for {seconds} s")


async def one():
    await work(1)
    loop.stop()


async def both():
    short, long = loop.create_task(work(1)), loop.create_task(work(3))
    await short
    await long


loop = asyncio.new_event_loop()
start = loop.time()
keep = loop.create_task(one())
# ANCHOR_END: main


def now():
    return round(loop.time() - start)


loop.run_forever()
print("stopped from inside")

task = loop.create_task(both())
task.add_done_callback(lambda task: loop.stop())
loop.run_forever()
print("stopped when both were over")
loop.close()
