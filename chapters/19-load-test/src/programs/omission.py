"""A server that is asked a hundred times a second and stalls for ten: what both kinds of loop say of it."""

import asyncio
import math


# ANCHOR: main
async def answer(start):
    since = now() - start
    if 5 <= since < 15:
        await asyncio.sleep(15 - since)
    await asyncio.sleep(0.01)


async def closed():
    start, latencies = now(), []
    while (sent := now()) - start < 30:
        await answer(start)
        latencies.append(now() - sent)
    return latencies


async def client(numbers, start, latencies):
    for number in numbers:
        due = start + number / 100
        await asyncio.sleep(max(0, due - now()))
        await answer(start)
        latencies.append(now() - due)  # and not since it was sent


async def open_loop():
    numbers, latencies = iter(range(3000)), []
    await asyncio.gather(*(client(numbers, now(), latencies) for _ in range(10)))
    return latencies


def quantile(latencies, part):
    return sorted(latencies)[math.ceil(part * len(latencies)) - 1]


async def main():
    one, other = await closed(), await open_loop()
    print("           closed    open")
    print(f"requests   {len(one):<8}  {len(other)}")
    for name, part in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)):
        print(f"{name:<9}  {short(quantile(one, part)):<8}  {short(quantile(other, part))}")
    print(f"max        {short(max(one)):<8}  {short(max(other))}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time(), 6)


def short(seconds):
    return f"{seconds:.3g} s" if seconds > 0.9995 else f"{seconds * 1000:.3g} ms"


asyncio.run(main())
