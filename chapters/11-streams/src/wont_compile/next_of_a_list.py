"""`async for` over what is no asynchronous iterator."""

import asyncio


# ANCHOR: main
async def evening():
    print("the evening begins")
    async for fare in [12, 7, 30]:
        print(fare)


try:
    asyncio.run(evening())
except TypeError as error:
    print(f"TypeError: {error}")
# ANCHOR_END: main
