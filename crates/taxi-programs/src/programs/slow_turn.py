"""A blocking call in a task, in asyncio's debug mode."""

import asyncio
import logging
import re
import time


class Tell(logging.Handler):
    def emit(self, record):
        # Without the files and lines.
        message = record.getMessage()
        print("    ", re.sub(r"<Task .*name='(\w+)'.*>", r"<Task '\1' …>", message))


def call_the_office():
    time.sleep(0.25)
    # A loop on virtual time is told that it has passed.
    clock = getattr(asyncio.get_running_loop(), "_clock", None)
    if clock is not None:
        clock.now += 0.25


def seconds():
    return int(asyncio.get_running_loop().time() - start)


async def ride():
    await asyncio.sleep(1)
    print(f"{seconds()} s  the ride calls the office")
    call_the_office()
    await asyncio.sleep(2)


async def main():
    global start
    start = asyncio.get_running_loop().time()
    await asyncio.create_task(ride(), name="ride")
    print(f"{seconds()} s  the ride is over")


logging.getLogger("asyncio").addHandler(Tell())
asyncio.run(main(), debug=True)
