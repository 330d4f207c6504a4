"""Two tasks on one loop: one is asleep while the other runs. Then the loop is asked for one that is over."""

import asyncio


# ANCHOR: main
async def taxi_a():
    print(f"{now()} s  taxi A picks up a passenger")
    await asyncio.sleep(3)
    print(f"{now()} s  taxi A drops off the passenger")


async def taxi_b():
    print(f"{now()} s  taxi B washes its windows")
    return "clean windows"


loop = asyncio.new_event_loop()
start = loop.time()
a = loop.create_task(taxi_a())
b = loop.create_task(taxi_b())
# ANCHOR_END: main


def now():
    return round(loop.time() - start)


loop.run_until_complete(a)
print(f"taxi A is over; taxi B is over too: {str(b.done()).lower()}")
result = loop.run_until_complete(b)
print(f"taxi B gives at once: {result}")
loop.close()
