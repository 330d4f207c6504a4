"""`await` on something that is no future."""

import asyncio


# ANCHOR: main
async def evening():
    print("the evening begins")
    fare = 12
    return await fare


try:
    asyncio.run(evening())
except TypeError:  # in other words from version to version
    print("TypeError: a number cannot be awaited")
# ANCHOR_END: main
