"""A callback that blocks, in asyncio's debug mode."""

import asyncio
import logging
import re
import time


class Tell(logging.Handler):
    def emit(self, record):
        # Without the files and lines.
        message = re.sub(r" (created )?at \S+:\d+", "", record.getMessage())
        print("    ", re.sub(r"<\w+ when=\S+ ", "<TimerHandle ", message))


def read_the_meter():
    print(f"{seconds()} s  the meter is read")
    time.sleep(0.25)
    # A loop on virtual time is told that it has passed.
    clock = getattr(asyncio.get_running_loop(), "_clock", None)
    if clock is not None:
        clock.now += 0.25


def seconds():
    return int(asyncio.get_running_loop().time() - start)


async def main():
    global start
    loop = asyncio.get_running_loop()
    start = loop.time()
    loop.call_later(1, read_the_meter)
    await asyncio.sleep(3)
    print(f"{seconds()} s  the ride is over")


logging.getLogger("asyncio").addHandler(Tell())
asyncio.run(main(), debug=True)
