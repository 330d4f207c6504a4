"""While a child runs, the loop goes on: that it has ended is one more thing to wait for."""

import asyncio
from asyncio.subprocess import PIPE


# ANCHOR: main
async def main():
    meter = await asyncio.create_subprocess_exec("cat", stdin=PIPE)

    async def taxi():
        for mile in range(1, 4):
            await asyncio.sleep(0)
            print(f"taxi: mile {mile}")
        meter.stdin.close()

    status, _ = await asyncio.gather(meter.wait(), taxi())
    print(f"meter: {status}")
# ANCHOR_END: main


asyncio.run(main())
