"""A signal that comes three times before anybody looks is told once. Each listener is told."""

import asyncio
import os
import signal


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    # One handler for each signal: the second would replace the first.
    loop.add_signal_handler(signal.SIGUSR1, lambda: print("desk: hurry"))
    for _ in range(3):
        os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.1)
    print("desk: nothing more")
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.1)
# ANCHOR_END: main


asyncio.run(main())
