"""The first Ctrl-C asks the main coroutine to end, the second waits for nobody."""

import asyncio
import os
import signal

# Python has this handler from the start, unless it is started with the signal ignored, as by a script's `&`.
signal.signal(signal.SIGINT, signal.default_int_handler)


def now():
    return round(asyncio.get_running_loop().time())


# ANCHOR: main
def press():
    print(f"{now()} s  ^C")
    os.kill(os.getpid(), signal.SIGINT)


async def shift(cleaning):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print(f"{now()} s  called off; {cleaning} s of cleaning")
        await asyncio.sleep(cleaning)
        print(f"{now()} s  clean")
        raise


async def once():
    asyncio.get_running_loop().call_later(2, press)
    await shift(3)


async def twice():
    loop = asyncio.get_running_loop()
    loop.call_later(2, press)
    loop.call_later(4, press)
    await shift(3)


for main in (once, twice):
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("interrupted by Ctrl-C")
# ANCHOR_END: main
