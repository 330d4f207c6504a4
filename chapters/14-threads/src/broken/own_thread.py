"""`result` on the loop's own thread: the only thread that could run the coroutine waits for it."""

import asyncio


# ANCHOR: main
async def quote():
    return 11


async def main():
    loop = asyncio.get_running_loop()
    fare = asyncio.run_coroutine_threadsafe(quote(), loop)
    try:
        print(f"office: {fare.result(timeout=0.2)}")
    except TimeoutError:
        print("office: still nothing after 0.2 s")
# ANCHOR_END: main


asyncio.run(main())
