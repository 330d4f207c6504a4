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

    def driver():
        for fare in [20, 30, 40]:
            loop.call_soon_threadsafe(pay_in, fare)
        return getattr(till, "sum", 0)

    print(f"driver: {await asyncio.to_thread(driver)} left in the taxi")
    print(f"office: {till.sum} in the till")
# ANCHOR_END: main


asyncio.run(main())
