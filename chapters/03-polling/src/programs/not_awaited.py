"""A coroutine that is called and not awaited does nothing; awaited or spawned, it runs."""

import asyncio
import warnings


# ANCHOR: main
async def call_a_taxi(name):
    print(f"   taxi {name} is called")


async def main():
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        forgotten = call_a_taxi("A")
        print("A: made")
        del forgotten
    for warning in heard:
        print(f"   {warning.category.__name__}: {warning.message}")
    print("A: thrown away")

    coroutine = call_a_taxi("B")
    print("B: made, now awaited")
    await coroutine

    task = asyncio.create_task(call_a_taxi("C"))
    print("C: spawned")
    await task
# ANCHOR_END: main


asyncio.run(main())
