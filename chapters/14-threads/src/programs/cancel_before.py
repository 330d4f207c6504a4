"""A job can be cancelled as long as it waits for a thread. Once it has begun, nobody stops it."""

import asyncio
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor


# ANCHOR: main
async def main():
    with ThreadPoolExecutor(max_workers=1) as archive:
        begun, told = threading.Event(), threading.Event()

        def look_up():
            begun.set()
            told.wait()
            return "found"

        first = archive.submit(look_up)
        second = archive.submit(print, "nobody will read this")

        await asyncio.to_thread(begun.wait)
        for name, job in [("first", first), ("second", second)]:
            print(f"the {name} job: {'cancelled' if job.cancel() else 'too late'}")
        told.set()
        print(f"the first job: {await asyncio.wrap_future(first)}")
        try:
            second.result()
            print("the second job: it ran")
        except CancelledError:
            print("the second job: it did not run")
# ANCHOR_END: main


asyncio.run(main())
