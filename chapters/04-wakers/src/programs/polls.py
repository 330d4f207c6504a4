"""How often a busy loop polls until a call has come, and how often a sleeping one."""

import asyncio
from collections.abc import Coroutine


# ANCHOR: counted
class Counted(Coroutine):
    """A coroutine that counts how often it is resumed."""

    def __init__(self, inner):
        self.inner, self.polls = inner, 0

    def send(self, value):
        self.polls += 1
        return self.inner.send(value)

    def throw(self, *error):
        return self.inner.throw(*error)

    def __await__(self):
        return self.inner.__await__()
# ANCHOR_END: counted


# ANCHOR: main
async def busy():
    called, looks = asyncio.get_running_loop().create_future(), 0
    while not called.done():
        looks += 1
        if looks == 1000:
            called.set_result("Main Street")
        await asyncio.sleep(0)
    return called.result()


async def sleeping():
    loop = asyncio.get_running_loop()
    called = loop.create_future()
    dial = called.set_result, "Main Street"
    phoning = loop.run_in_executor(None, loop.call_soon_threadsafe, *dial)
    street = await called
    return street, phoning


async def main():
    counted = Counted(busy())
    street = await asyncio.create_task(counted)
    print(f"busy loop: {street}, after {counted.polls} polls")

    counted = Counted(sleeping())
    street, phoning = await asyncio.create_task(counted)
    print(f"sleeping loop: {street}, after {counted.polls} polls")
    await phoning
# ANCHOR_END: main


asyncio.run(main())
