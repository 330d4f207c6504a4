"""Three tasks at once, collected by gather, by wait and by as_completed: each takes as long as the longest."""

import asyncio
import json


# ANCHOR: main
async def do_some_work(seconds):
    print(f"  waiting: {seconds}")
    await asyncio.sleep(seconds)
    return f"done after {seconds} s"


async def by_gather(seconds):
    results = await asyncio.gather(*map(do_some_work, seconds))
    print(f"  {json.dumps(results)}")


async def by_wait(seconds):
    tasks = [asyncio.create_task(do_some_work(n)) for n in seconds]
    done, pending = await asyncio.wait(tasks)
    print(f"  {len(done)} done, {len(pending)} pending")
    # `done` is a set: its order is nobody's.
    for task in tasks:
        if task in done:
            print(f"  {task.result()}")


async def by_as_completed(seconds):
    for result in asyncio.as_completed([do_some_work(n) for n in seconds]):
        print(f"  {await result}")
# ANCHOR_END: main


async def timed(name, work):
    print(name)
    start = asyncio.get_running_loop().time()
    await work
    print(f"  took {round(asyncio.get_running_loop().time() - start)} s")


async def main():
    await timed("gather", by_gather([1, 2, 3]))
    await timed("gather", by_gather([4, 2, 1]))
    await timed("wait", by_wait([1, 2, 3]))
    await timed("wait", by_wait([4, 2, 1]))
    await timed("as_completed", by_as_completed([4, 2, 1]))


asyncio.run(main())
