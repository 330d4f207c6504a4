"""Blocking calls in the default pool and in a pool of one's own; a result, and an exception."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


# ANCHOR: main
def fare_of(ride):
    return [12, 7, 30][ride]


def thread_name():
    return threading.current_thread().name.rstrip("0123456789_- ")


async def main():
    loop = asyncio.get_running_loop()
    print(f"default pool: {await loop.run_in_executor(None, fare_of, 2)}")

    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="archive") as archive:
        print(f"my own pool: {await loop.run_in_executor(archive, fare_of, 0)}")
        print(f"on a thread named {await loop.run_in_executor(archive, thread_name)}")

        try:
            fare = await loop.run_in_executor(archive, fare_of, 3)
            print(f"the fare of ride 3: {fare}")
        except IndexError:
            print("ride 3 is not in the ledger")
        print(f"and the pool goes on: {await loop.run_in_executor(archive, fare_of, 1)}")
# ANCHOR_END: main


asyncio.run(main())
