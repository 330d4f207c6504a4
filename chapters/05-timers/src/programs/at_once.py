"""Three sleeps at once take as long as the longest; their results come in the order of the arguments."""

import asyncio


# ANCHOR: main
async def do_some_work(seconds):
    print(f"{now()} s  waiting for {seconds} s")
    await asyncio.sleep(seconds)
    print(f"{now()} s  done")
    return f"done after {seconds} s"


async def main():
    results = await asyncio.gather(do_some_work(1), do_some_work(2), do_some_work(3))
    print(f"{now()} s  {', '.join(results)}")

    begin = now()
    results = await asyncio.gather(do_some_work(4), do_some_work(2), do_some_work(1))
    print(f"{now()} s  {', '.join(results)}")
    print(f"the second three took {now() - begin} s")
# ANCHOR_END: main


start = None


def now():
    global start
    time = asyncio.get_running_loop().time()
    if start is None:
        start = time
    return round(time - start)


asyncio.run(main())
