"""Several contexts in one statement: entered in order, left in reverse, also if one cannot be entered."""

import asyncio


# ANCHOR: main
class Gate:
    def __init__(self, name, opens=True):
        self.name = name
        self.opens = opens

    async def __aenter__(self):
        await asyncio.sleep(1)
        if not self.opens:
            raise OSError(f"the {self.name} is stuck")
        print(f"{now()} s  the {self.name} is open")
        return self.name

    async def __aexit__(self, exc_type, exc, traceback):
        await asyncio.sleep(1)
        print(f"{now()} s  the {self.name} is shut")


async def attempt(first, second):
    try:
        async with first as one, second as other:
            print(f"{now()} s  through {one} and {other}")
    except OSError as error:
        print(f"{now()} s  {error}")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    await attempt(Gate("garage"), Gate("yard"))
    await attempt(Gate("garage"), Gate("yard", opens=False))
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time() - start)


asyncio.run(main())
