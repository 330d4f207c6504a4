"""Which to use: twenty slow pages, fast pages and long sums, in four ways."""

import asyncio

PIECES = 20
A_TASK, A_THREAD, A_PROCESS = 1, 30, 1000


# ANCHOR: main
async def on(cores, computes):
    async with cores:
        await asyncio.sleep(computes / 1e6)


async def work(cores, start, waits, computes):
    await on(cores, start)
    await asyncio.sleep(waits / 1e6)
    await on(cores, computes)


async def one_by_one(waits, computes):
    for _ in range(PIECES):
        await asyncio.sleep((waits + computes) / 1e6)


async def at_once(cores, start, waits, computes):
    cores = asyncio.Semaphore(cores)
    await asyncio.gather(*(work(cores, start, waits, computes) for _ in range(PIECES)))


async def by_processes(cores, waits, computes):
    cores = asyncio.Semaphore(cores)

    async def half():
        await on(cores, A_PROCESS)
        for _ in range(PIECES // 2):
            await work(cores, 0, waits, computes)

    await asyncio.gather(half(), half())


async def main(cores=2):
    print("ms          one by one   threads     tasks  processes")
    for name, *piece in (
        ("slow pages", 20_000, 100),
        ("fast pages", 200, 50),
        ("long sums", 0, 6_000),
    ):
        took = []
        for way in (
            one_by_one(*piece),
            at_once(cores, A_THREAD, *piece),
            at_once(1, A_TASK, *piece),
            by_processes(cores, *piece),
        ):
            start = asyncio.get_running_loop().time()
            await way
            took.append((asyncio.get_running_loop().time() - start) * 1000)
        serial, threads, tasks, processes = took
        print(f"{name:11} {serial:10.2f} {threads:9.2f} {tasks:9.2f} {processes:10.2f}")
# ANCHOR_END: main


asyncio.run(main())
