"""A call from another thread: virtual time stands still until it has come."""

import asyncio


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()

    async def wait_for(phone):
        try:
            async with asyncio.timeout(3600):
                call = await phone
        except TimeoutError:
            call = "none"
        print(f"{round(loop.time() - start)} s  a call: {call}")

    await wait_for(loop.run_in_executor(None, lambda: "Main Street"))
    await wait_for(loop.create_future())


asyncio.run(main())
# ANCHOR_END: main
