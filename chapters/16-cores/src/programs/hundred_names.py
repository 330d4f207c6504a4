"""A hundred names, ten a process, and a loop in each process."""

import asyncio
import multiprocessing


# ANCHOR: main
async def greet(name, say):
    say(f"hello, {name}")
    await asyncio.sleep(1)
    say(f"goodbye, {name}")


async def ten(start, say):
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(greet(name, say) for name in range(start, start + 10)))
    say(f"ten in {round(asyncio.get_running_loop().time() - begun)} s")


def worker(start):
    said = []
    asyncio.run(ten(start, said.append))
    return said


def main():
    hellos = goodbyes = 0
    # Forked: each process has what this one has loaded, and a loop of its own.
    with multiprocessing.get_context("fork").Pool(10) as pool:
        everybody = pool.map(worker, range(0, 100, 10))
    for said in everybody:
        hellos += sum("hello" in line for line in said)
        goodbyes += sum("goodbye" in line for line in said)
        print(f"{said[0]} … {said[-1]}")
    print(f"{hellos} were greeted, {goodbyes} have gone, by 10 processes")
# ANCHOR_END: main


main()
