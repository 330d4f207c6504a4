"""A loop inside a loop."""

import asyncio


async def twelve():
    return 12


def fare():
    coroutine = twelve()
    try:
        return asyncio.run(coroutine)
    finally:
        coroutine.close()


async def main():
    print(f"in a task: {fare()}")


print(f"alone: {fare()}")
try:
    asyncio.run(main())
except RuntimeError as error:
    print(f"RuntimeError: {error}")
