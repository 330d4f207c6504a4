"""One fetch of three fails: the first error at once, or every outcome in its place."""

import asyncio


# ANCHOR: main
async def fetch(id):
    await asyncio.sleep(id)
    if id == 2:
        raise RuntimeError(f"no answer from {id}")
    print(f"{now()} s  data {id} fetched")
    return id


async def main():
    global start
    start = asyncio.get_running_loop().time()
    try:
        data = await asyncio.gather(fetch(3), fetch(2), fetch(1))
        print(f"{now()} s  {data}")
    except RuntimeError as error:
        print(f"{now()} s  error: {error}")
    # The others go on. Here they have the time to.
    await asyncio.sleep(3)

    fetches = [fetch(n) for n in (3, 2, 1)]
    for result in await asyncio.gather(*fetches, return_exceptions=True):
        if isinstance(result, RuntimeError):
            print(f"{now()} s  error: {result}")
        else:
            print(f"{now()} s  data {result}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
