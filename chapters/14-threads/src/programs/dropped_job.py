"""A task that waits for a job is cancelled. The job does not hear of it, and goes on to its end."""

import asyncio
import threading


# ANCHOR: main
class Receipt:
    def __del__(self):
        print("archive: nobody has come for the receipt")


async def main():
    begun, told = threading.Event(), threading.Event()

    def write_down():
        begun.set()
        told.wait()
        print("archive: the fare is written down")
        return Receipt()

    clerk = asyncio.create_task(asyncio.to_thread(write_down))
    await asyncio.to_thread(begun.wait)
    clerk.cancel()
    await asyncio.wait([clerk])
    print(f"office: the clerk is gone: {str(clerk.cancelled()).lower()}")
    told.set()
# ANCHOR_END: main


asyncio.run(main())
