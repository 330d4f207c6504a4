"""A transaction commits if its body ends well, and is rolled back if that fails or is cancelled."""

import asyncio


# ANCHOR: transaction
class Till:
    """What the garage's till holds, and what it held when the transaction began."""

    def __init__(self):
        self.money = 100
        self.saved = None

    async def __aenter__(self):
        await asyncio.sleep(1)
        self.saved = self.money
        return self

    async def __aexit__(self, exc_type, exc, traceback):
        await asyncio.sleep(1)
        if exc_type is None:
            print(f"{now():2} s  commit")
        else:
            self.money = self.saved
            print(f"{now():2} s  roll back")
# ANCHOR_END: transaction


# ANCHOR: main
async def pay(till, amount):
    async with till:
        till.money -= amount
        print(f"{now():2} s  {amount} is taken out, {till.money} is left")
        await asyncio.sleep(2)
        if till.money < 0:
            raise ValueError("not enough")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    till = Till()
    for amount in [30, 80]:
        try:
            await pay(till, amount)
            print(f"{now():2} s  paid, {till.money} in the till")
        except ValueError as error:
            print(f"{now():2} s  {error}, {till.money} in the till")
    paying = asyncio.create_task(pay(till, 10))
    await asyncio.sleep(2)
    print(f"{now():2} s  called off: {str(paying.cancel()).lower()}")
    try:
        await paying
    except asyncio.CancelledError:
        print(f"{now():2} s  cancelled, {till.money} in the till")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
