"""Runs a Python twin on an asyncio loop whose clock is virtual.

    python tests/asyncio/run.py [--stock-ties] path/to/twin.py

The twin is an ordinary program: `python path/to/twin.py` runs it on the wall clock. Here, three things differ:

- Time starts at 0, and nobody waits. When nothing is ready, the clock jumps to the next timer.
- Timers due at the same instant go off in the order they were set. asyncio keeps them in a heap that compares
  times alone, so its ties come out as the heap happens to lie. `ties: stock` in the twin's docstring, or
  `--stock-ties`, leaves them so.
- A program that can never go on is told so, and ends.
"""

import ast
import asyncio
import itertools
import runpy
import selectors
import sys
import threading
from pathlib import Path

# How long to wait, on the wall clock, for what a thread or a socket may still bring.
PATIENCE = 10.0


class OrderedTimer(asyncio.TimerHandle):
    """A timer that comes after all that were set before it for the same nanosecond."""

    sequence = itertools.count()

    def __init__(self, when, *args):
        super().__init__(when, *args)
        self._key = (round(when * 1e9), next(self.sequence))

    def __lt__(self, other):
        return self._key < other._key


class VirtualClockSelector(selectors.DefaultSelector):
    """Looks at its sockets without waiting, and lets virtual time pass instead."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        # Jobs on threads: time does not jump while one is at work.
        self.jobs = 0

    def select(self, timeout=None):
        # Asked before the look: a thread that calls and then ends is either counted or heard.
        others = self.others()
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is not None and self.jobs == 0:
            # Rounded, so that adding up differences of floats does not drift away from the timers.
            self.now = round(self.now + timeout, 9)
            return ready
        ready = super().select(PATIENCE) if others else []
        if not ready and self.jobs > 0:
            raise SystemExit(f"a job on a thread is still at work after {PATIENCE} s")
        return ready or deadlock()

    def others(self):
        """Whether anything but the loop itself could still wake it: its own pipe is one of the sockets."""
        return len(self.get_map()) > 1 or threading.active_count() > 1


def deadlock():
    """Ends the program: nothing is ready, no timer is set, nobody outside is at work."""
    tasks = [task for task in asyncio.all_tasks(asyncio.get_running_loop()) if not task.done()]
    names = sorted(f"{task.get_name()} ({task.get_coro().__qualname__})" for task in tasks)
    raise SystemExit("deadlock: nothing is ready and no timer is set; waiting: " + ", ".join(names))


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop on virtual time."""

    def __init__(self):
        self._clock = VirtualClockSelector()
        super().__init__(self._clock)

    def time(self):
        return self._clock.now

    def run_in_executor(self, executor, func, *args):
        future = super().run_in_executor(executor, func, *args)
        self._clock.jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _future):
        self._clock.jobs -= 1

    async def shutdown_default_executor(self, timeout=None):
        # asyncio.run gives the threads 300 s to end, which would pass in no time.
        await super().shutdown_default_executor()


def wants_stock_ties(twin):
    """Whether the twin's docstring has the line `ties: stock`."""
    docstring = ast.get_docstring(ast.parse(twin.read_text(encoding="utf-8"))) or ""
    return "ties: stock" in docstring.splitlines()


def main(args):
    stock_ties = "--stock-ties" in args
    args = [arg for arg in args if arg != "--stock-ties"]
    if len(args) != 1:
        raise SystemExit("usage: run.py [--stock-ties] path/to/twin.py")
    twin = Path(args[0])
    if not twin.is_file():
        raise SystemExit(f"run.py: no such file: {twin}")
    # asyncio.run and asyncio.Runner make their loop through the first of these names.
    asyncio.events.new_event_loop = asyncio.new_event_loop = VirtualTimeLoop
    if not (stock_ties or wants_stock_ties(twin)):
        # The loop's call_at makes timers by this name.
        asyncio.events.TimerHandle = OrderedTimer
    # What `python path/to/twin.py` would have set.
    sys.argv = [str(twin)]
    sys.path[0] = str(twin.parent)
    runpy.run_path(str(twin), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
