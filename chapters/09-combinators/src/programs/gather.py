"""Three fetches at once: started in order, finished by their delays, answered in the order of the arguments."""

import asyncio


# ANCHOR: main
async def fetch_data(delay, id):
    print(f"{now()} s  fetching data {id} ...")
    await asyncio.sleep(delay)
    print(f"{now()} s  data {id} fetched")
    return (id, delay)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    results = await asyncio.gather(fetch_data(2, 1), fetch_data(1, 2), fetch_data(3, 3))
    print(f"{now()} s  {results}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
