"""Two loops on two threads pay into one till: each reads the sum, awaits, and writes. One payment is lost."""

import asyncio
import threading


# ANCHOR: main
till = 0


async def pay_in(fare, i_have, they_have):
    global till
    before = till
    i_have.set()
    await asyncio.to_thread(they_have.wait)
    till = before + fare


a_has, b_has = threading.Event(), threading.Event()
drivers = [
    threading.Thread(target=lambda: asyncio.run(pay_in(20, a_has, b_has))),
    threading.Thread(target=lambda: asyncio.run(pay_in(20, b_has, a_has))),
]
for driver in drivers:
    driver.start()
for driver in drivers:
    driver.join()
print(f"{len(drivers)} drivers have paid in 20 each")
print(f"in the till: {till}")
# ANCHOR_END: main
