"""Which loop, whose, and since when."""

import asyncio
import warnings

warnings.simplefilter("ignore")


# ANCHOR: main
def ask(who):
    try:
        loop = asyncio.get_running_loop()
        which = "the first" if loop is first else "another one"
        print(f"{who}: a loop is running, {which}")
    except RuntimeError as error:
        print(f"{who}: {error}")


async def main():
    global first
    first = first or asyncio.get_running_loop()
    ask("in a task")
    asyncio.get_running_loop().call_soon(ask, "in a callback")
    await asyncio.sleep(0)
    try:
        coroutine = main()
        asyncio.run(coroutine)
    except RuntimeError as error:
        coroutine.close()
        print(f"a loop in a loop: {error}")


first = None
ask("before")
asyncio.run(main())
ask("between")
asyncio.run(main())
# ANCHOR_END: main
