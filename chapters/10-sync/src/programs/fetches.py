"""Five fetches, and three permits: never more than three at once. The results come in finishing order."""

import asyncio


# ANCHOR: main
at_work = 0


async def fetch(page, millis, permits):
    global at_work
    async with permits:
        at_work += 1
        print(f"{now_ms():4} ms  page {page} begins, {at_work} at work")
        await asyncio.sleep(millis / 1000)
        at_work -= 1
        return page


async def main():
    global start
    start = asyncio.get_running_loop().time()
    permits = asyncio.Semaphore(3)
    pages = [1200, 1000, 1100, 1000, 1000]
    fetches = [
        asyncio.create_task(fetch(page, millis, permits))
        for page, millis in enumerate(pages)
    ]
    for result in asyncio.as_completed(fetches):
        page = await result
        print(f"{now_ms():4} ms  page {page} is here")
# ANCHOR_END: main


def now_ms():
    return round((asyncio.get_running_loop().time() - start) * 1000)


asyncio.run(main())
