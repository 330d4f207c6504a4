"""A loop runs twice. Then it is closed, and asked a third time."""

import asyncio


# ANCHOR: main
async def work(seconds):
    await asyncio.sleep(seconds)
    print(f"{round(loop.time() - start)} s  has worked for {seconds} s")


loop = asyncio.new_event_loop()
start = loop.time()
loop.run_until_complete(work(1))
loop.run_until_complete(work(3))
loop.close()
print("closed")
late = work(1)
try:
    loop.run_until_complete(late)
    print("this line is never reached")
except RuntimeError as error:
    print(f"RuntimeError: {error}")
late.close()
# ANCHOR_END: main
