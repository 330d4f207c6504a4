"""A loop in a thread of its own. The main thread has no loop; it hands over work, gets the results, and stops it."""

import asyncio
import threading


# ANCHOR: main
async def quote(miles):
    print(f"office: {miles} miles?")
    await asyncio.sleep(0)
    print(f"office: {miles} miles are {3 + 2 * miles}")
    return 3 + 2 * miles


async def where_it_runs():
    return threading.current_thread().name


async def both():
    return await asyncio.gather(quote(4), quote(11))


loop = asyncio.new_event_loop()
office = threading.Thread(target=loop.run_forever, name="office")
office.start()
name = asyncio.run_coroutine_threadsafe(where_it_runs(), loop).result()
print(f"main: the loop runs on the thread {name}")

print(f"main: {asyncio.run_coroutine_threadsafe(both(), loop).result()}")

loop.call_soon_threadsafe(loop.stop)
office.join()
loop.close()
late = quote(9)
try:
    asyncio.run_coroutine_threadsafe(late, loop)
    print("main: after that, done")
except RuntimeError:
    late.close()
    print("main: after that, refused")
# ANCHOR_END: main
