"""One program on several loops: the selector is chosen in one place."""

import asyncio
import selectors


# ANCHOR: main
async def program():
    loop, order = asyncio.get_running_loop(), []
    start = loop.time()
    loop.call_at(start + 0.02, order.append, "slow")
    loop.call_at(start + 0.01, order.append, "fast")
    await asyncio.sleep(0.03)
    return ", then ".join(order)


def on(name, loop_factory):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        print(f"{name:26} {runner.run(program())}")


on("the loop of asyncio.run:", None)
on("select, wall clock:", lambda: asyncio.SelectorEventLoop(selectors.SelectSelector()))
on("the best, wall clock:", lambda: asyncio.SelectorEventLoop(selectors.DefaultSelector()))
# ANCHOR_END: main
