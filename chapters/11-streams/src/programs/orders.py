"""An iterator that awaits a method of its own for each item, until that has no more."""

import asyncio


# ANCHOR: orders
class Orders:
    def __init__(self, streets):
        self.streets = streets

    def __aiter__(self):
        return self

    async def __anext__(self):
        data = await self.fetch_data()
        if data:
            return data
        else:
            raise StopAsyncIteration

    async def fetch_data(self):
        await asyncio.sleep(1)
        return self.streets.pop(0) if self.streets else None
# ANCHOR_END: orders


# ANCHOR: main
async def main():
    global start
    start = asyncio.get_running_loop().time()
    async for street in Orders(["Mill Lane", "Station Road"]):
        print(f"{now()} s  to {street}")
        await asyncio.sleep(4)
        print(f"{now()} s  in {street}")
    print(f"{now()} s  no more orders")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
