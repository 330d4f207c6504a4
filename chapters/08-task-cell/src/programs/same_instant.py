"""A ride ends in the instant in which it is cancelled: there is one outcome, and it is Cancelled."""

import asyncio


# ANCHOR: main
async def ride():
    await asyncio.sleep(5)
    return 30


async def careful():
    try:
        fare = await ride()
        print(f"careful: the fare is here, {fare}")
        return fare
    except asyncio.CancelledError:
        raise


async def cancels(ride):
    task = asyncio.create_task(ride())
    await asyncio.sleep(5)
    print(f"cancel: {str(task.cancel()).lower()}")
    try:
        print(f"outcome: Ok({await task})")
    except asyncio.CancelledError:
        print("outcome: Err(Cancelled)")


async def main():
    await cancels(ride)
    await cancels(careful)
# ANCHOR_END: main


asyncio.run(main())
