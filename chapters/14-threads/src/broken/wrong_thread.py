"""`call_soon` from another thread: the call is queued, and the loop sleeps on."""

import asyncio
import threading
import time


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    called = threading.Event()

    def pay_in():
        print("office: 20 paid in")
        called.set()

    def driver():
        time.sleep(0.1)  # The loop has nothing to do, and is asleep.
        loop.call_soon(pay_in)
        heard = called.wait(timeout=0.2)
        print(f"driver: after 0.2 s the office has {'' if heard else 'not '}called")

    # The end of the job wakes the loop. Nothing else does.
    await asyncio.to_thread(driver)
# ANCHOR_END: main


asyncio.run(main())
