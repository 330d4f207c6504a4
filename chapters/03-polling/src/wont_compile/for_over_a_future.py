"""`async for` over something that does not give one thing after another."""

import asyncio


# ANCHOR: main
class Night:
    pass


async def evening():
    print("the evening begins")
    async for word in Night():
        print(word)


try:
    asyncio.run(evening())
except TypeError as error:
    print(f"TypeError: {error}")
# ANCHOR_END: main
