"""One coroutine that sleeps, run until it is complete; its steps are counted."""

import asyncio


# ANCHOR: main
class Counted:
    """Awaits a coroutine, and counts how often it is resumed."""

    def __init__(self, coroutine):
        self.coroutine = coroutine
        self.polls = 0

    def __await__(self):
        while True:
            self.polls += 1
            try:
                yield self.coroutine.send(None)
            except StopIteration as end:
                return end.value


async def do_some_work(seconds):
    print(f"Waiting {seconds}")
    await asyncio.sleep(seconds)


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()
    work = Counted(do_some_work(1))
    await work
    print(f"took {round(loop.time() - start)} s, and {work.polls} polls")


asyncio.run(main())
# ANCHOR_END: main
