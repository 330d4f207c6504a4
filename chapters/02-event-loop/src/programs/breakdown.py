"""A taxi breaks down: its next event is cancelled."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    start = loop.time()

    def happens(what):
        print(f"{round(loop.time() - start)} s  {what}")

    # ANCHOR: main
    def break_down():
        happens("taxi B breaks down")
        for again in ("", " again"):
            what = "nothing" if pick_up.cancelled() else of_b
            pick_up.cancel()
            print(f"     cancelled{again}: {what}")

    loop.call_later(1, happens, "taxi A picks up a passenger")
    of_b = "taxi B picks up a passenger"
    pick_up = loop.call_later(3, happens, of_b)
    loop.call_later(2, break_down)
    loop.call_later(4, happens, "taxi A drops off a passenger")
    # ANCHOR_END: main
    await asyncio.sleep(5)


asyncio.run(main())
