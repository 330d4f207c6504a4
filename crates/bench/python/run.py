"""Does the work of a row in Python, and tells what it took.

    python run.py NAME asyncio|uvloop SIZE CALLERS

NAME.py beside this file has a coroutine function `work(size)`; what it returns is what came of the work. Printed are
the nanoseconds of CPU time that it took, of all threads of this process, and what it returned. A file with
`VIRTUAL = True` is run on a clock that jumps. CALLERS is the program that calls servers.
"""

import asyncio
import gc
import importlib.util
import selectors
import sys
import time
from pathlib import Path


class Jumps(selectors.DefaultSelector):
    """Looks at its sockets without waiting, and lets the clock jump instead."""

    now = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout is not None and timeout > 0:
            self.now = round(self.now + timeout, 9)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, on that clock."""

    def __init__(self):
        self._jumps = Jumps()
        super().__init__(self._jumps)

    def time(self):
        return self._jumps.now


def main(name, on, size, callers):
    file = Path(__file__).with_name(name + ".py")
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location("row", file)
    row = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(row)
    row.CALLERS = callers
    factory = asyncio.new_event_loop
    if getattr(row, "VIRTUAL", False):
        factory = VirtualLoop
    if on == "uvloop":
        import uvloop

        factory = uvloop.new_event_loop
    gc.collect()
    before = time.process_time_ns()
    with asyncio.Runner(loop_factory=factory) as runner:
        result = runner.run(row.work(size))
    print(time.process_time_ns() - before, result)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
