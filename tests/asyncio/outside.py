"""Waits for a thread while a timer is set; then for an hour, which passes at once."""

import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(60, print, "a timer")
    print(await loop.run_in_executor(None, lambda: time.sleep(0.05) or "from a thread"))
    print(loop.time())
    await asyncio.sleep(3600)
    print(loop.time())


asyncio.run(main())
