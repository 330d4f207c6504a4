"""Three taxis on one loop: one waits for a call, one lets the others go first, one calls and is over."""

import asyncio


# ANCHOR: main
async def waits(call):
    print("taxi A waits for a call")
    address = await call
    print(f"taxi A drives to {address}")


async def yields():
    print("taxi B lets the others go first")
    await asyncio.sleep(0)
    print("taxi B drives off")


async def calls(call):
    print("taxi C has no time, and calls A")
    call.set_result("Main Street")


async def main():
    call = asyncio.get_running_loop().create_future()
    taxis = [asyncio.create_task(taxi) for taxi in (waits(call), yields(), calls(call))]
    for taxi in taxis:
        await taxi
# ANCHOR_END: main


asyncio.run(main())
