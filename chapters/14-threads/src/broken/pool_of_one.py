"""A job waits for another job of the same pool, and has the only thread that could run it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


# ANCHOR: main
async def main():
    archive = ThreadPoolExecutor(max_workers=1)

    def outer():
        inner = archive.submit(lambda: 7)
        try:
            inner.result(timeout=0.2)
            return True
        except TimeoutError:
            return False

    if await asyncio.get_running_loop().run_in_executor(archive, outer):
        print("the inner job has run")
    else:
        print("after 0.2 s the inner job still waits for a thread")
# ANCHOR_END: main


asyncio.run(main())
