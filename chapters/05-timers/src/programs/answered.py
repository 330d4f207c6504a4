"""Every call gets a limit of thirty seconds and is answered before: what is left of the limits?"""

import asyncio


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    closing_time = loop.call_later(20, print, "closed")
    answered = 0
    for _ in range(1000):
        async with asyncio.timeout(30):
            await asyncio.sleep(0)
            answered += 1
    closing_time.cancel()
    left = [timer for timer in loop._scheduled if not timer.cancelled()]
    print(f"{answered} calls answered, {len(left)} timers left")


asyncio.run(main())
# ANCHOR_END: main
