"""Code that is not asynchronous calls code that is, and gets its value."""

import asyncio


# ANCHOR: main
async def async_main():
    await asyncio.sleep(1)
    return "Done"


def sync_main():
    return asyncio.run(async_main())


print(sync_main())
# ANCHOR_END: main
