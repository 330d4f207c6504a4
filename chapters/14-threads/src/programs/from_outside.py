"""A thread that is no loop has a coroutine run on the loop, and waits for its value."""

import asyncio


# ANCHOR: main
async def quote(miles):
    print(f"office: {miles} miles?")
    await asyncio.sleep(0)
    return 3 + 2 * miles


async def main():
    loop = asyncio.get_running_loop()

    def customer():
        fare = asyncio.run_coroutine_threadsafe(quote(4), loop).result()
        print(f"customer: {fare}")
        return "thank you"

    word = await asyncio.to_thread(customer)
    print(f"office: they say {word}")
# ANCHOR_END: main


asyncio.run(main())
