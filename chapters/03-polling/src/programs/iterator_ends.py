"""An iterator that ends inside a coroutine: PEP 479 turns its exception into another one."""

import asyncio


# ANCHOR: main
async def drive(streets):
    while True:
        print(f"drives along {next(streets)}")
        await asyncio.sleep(0)


try:
    asyncio.run(drive(iter(["Harbour Road", "Main Street"])))
except RuntimeError as error:
    print(f"RuntimeError: {error}")
# ANCHOR_END: main
