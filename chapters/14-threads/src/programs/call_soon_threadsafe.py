"""A driver on another thread pays in at the office: each fare is a call that runs on the loop."""

import asyncio
import threading


# ANCHOR: main
till = threading.local()


def pay_in(fare):
    till.sum = getattr(till, "sum", 0) + fare
    print(f"office: {fare} paid in, {till.sum} in the till")


async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def driver():
        for fare in [20, 30, 40]:
            loop.call_soon_threadsafe(pay_in, fare)
        loop.call_soon_threadsafe(done.set_result, None)
        return getattr(till, "sum", 0)

    job = loop.run_in_executor(None, driver)
    await done
    print(f"driver: {await job} left in the taxi")
    print(f"office: {till.sum} in the till")
# ANCHOR_END: main


asyncio.run(main())
