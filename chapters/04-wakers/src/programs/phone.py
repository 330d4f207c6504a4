"""A driver sleeps until a passenger phones."""

import asyncio


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    called = loop.create_future()

    def passenger():
        print("passenger: a taxi to Main Street, please")
        loop.call_soon_threadsafe(called.set_result, "Main Street")

    print("driver: nobody has called, so I sleep")
    phoning = loop.run_in_executor(None, passenger)
    street = await called
    print(f"driver: on my way to {street}")
    await phoning
# ANCHOR_END: main


asyncio.run(main())
