"""More and more clients at one counter: the answers become slower, and no more of them."""

import asyncio


# ANCHOR: main
async def client(counter, start, latencies):
    loop = asyncio.get_running_loop()
    while (sent := loop.time()) - start < 10:
        async with counter:
            await asyncio.sleep(0.01)
        latencies.append(loop.time() - sent)


async def main():
    loop = asyncio.get_running_loop()
    print("clients  answers/s  mean")
    for clients in (1, 2, 4, 8, 16):
        counter, start, latencies = asyncio.Lock(), loop.time(), []
        await asyncio.gather(*(client(counter, start, latencies) for _ in range(clients)))
        rate = len(latencies) / (loop.time() - start)
        mean = sum(latencies) / len(latencies)
        print(f"{clients:>7}  {rate:>9.3g}  {mean * 1000:.3g} ms")
# ANCHOR_END: main


asyncio.run(main())
