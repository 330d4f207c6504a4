"""Work handed to a loop before it runs is done when it runs. Work that comes after its end is refused."""

import asyncio
import threading


# ANCHOR: main
async def quote(miles):
    print(f"office: {miles} miles?")
    await asyncio.sleep(0)
    return 3 + 2 * miles


loop = asyncio.new_event_loop()
fare = asyncio.run_coroutine_threadsafe(quote(4), loop)
print("main: the office opens")


def customer():
    print(f"customer: {fare.result()}")
    loop.call_soon_threadsafe(loop.stop)


thread = threading.Thread(target=customer)
thread.start()
loop.run_forever()
thread.join()
loop.close()

late = quote(9)
try:
    asyncio.run_coroutine_threadsafe(late, loop)
    print("main: after its end, done")
except RuntimeError:
    late.close()
    print("main: after its end, refused")
# ANCHOR_END: main
