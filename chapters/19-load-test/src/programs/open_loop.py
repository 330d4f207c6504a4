"""A rate, and the same counter: below what it can do the latency is a figure, and above it there is none."""

import asyncio


# ANCHOR: main
async def request(counter, due, latencies):
    loop = asyncio.get_running_loop()
    await asyncio.sleep(due - loop.time())
    async with counter:
        await asyncio.sleep(0.01)
    latencies.append(loop.time() - due)


async def main():
    loop = asyncio.get_running_loop()
    print("due/s  seconds  mean       max")
    for rate, seconds in ((50, 2), (100, 2), (125, 2), (125, 4), (125, 8)):
        counter, start, latencies = asyncio.Lock(), loop.time(), []
        due = (start + number / rate for number in range(rate * seconds))
        await asyncio.gather(*(request(counter, when, latencies) for when in due))
        mean = sum(latencies) / len(latencies)
        print(f"{rate:>5}  {seconds:>7}  {short(mean):<9}  {short(max(latencies))}")
# ANCHOR_END: main


def short(seconds):
    return f"{seconds:.3g} s" if seconds > 0.9995 else f"{seconds * 1000:.3g} ms"


asyncio.run(main())
