"""Sums of squares for twenty numbers: one after another, by threads, by processes, and by a pool for them. The sums are the
same; how long each way takes is never the same."""

import asyncio
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


# ANCHOR: main
def sum_of_squares(to):
    return sum(n * n % 1_000_007 for n in range(1, to + 1))


def numbers(to):
    return [to - n for n in range(20)]


async def by_loop(to):
    """The same pool, awaited on a loop: what there is in place of a loop a core."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = [loop.run_in_executor(pool, sum_of_squares, number) for number in numbers(to)]
        return sum(await asyncio.gather(*jobs))


def by_pool(pool, to):
    with pool:
        return sum(pool.map(sum_of_squares, numbers(to)))


def main(to, times):
    begun = time.monotonic()
    expected = sum(map(sum_of_squares, numbers(to)))
    alone = time.monotonic() - begun
    ways = [
        ("two threads", lambda: by_pool(ThreadPoolExecutor(max_workers=2), to)),
        ("two processes", lambda: by_pool(ProcessPoolExecutor(max_workers=2), to)),
        ("two cores", lambda: asyncio.run(by_loop(to))),
    ]
    for way, total_of in ways:
        begun = time.monotonic()
        total = total_of()
        print(f"{way}: the same sum: {str(total == expected).lower()}")
        if times:
            fast = alone / (time.monotonic() - begun)
            print(f"{way}: {fast:.2f} times as fast as one after another", file=sys.stderr)
# ANCHOR_END: main


# `sums.py 2000000` says how much faster each way was.
main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000, len(sys.argv) > 1)
