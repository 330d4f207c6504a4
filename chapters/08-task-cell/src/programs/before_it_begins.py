"""A task is cancelled before its first step: its body never runs. And one after its end: nothing changes."""

import asyncio


# ANCHOR: main
async def ride(name):
    print(f"taxi {name} starts")
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        pass
    print(f"taxi {name} ends")
    return name


async def main():
    a = asyncio.create_task(ride("A"))
    print(f"cancel A: {str(a.cancel()).lower()}")
    print(f"again:    {str(a.cancel()).lower()}")
    try:
        print(f"A: Ok({await a!r})")
    except asyncio.CancelledError:
        print("A: Err(Cancelled)")

    b = asyncio.create_task(ride("B"))
    print(f"B: Ok({await b!r})")
    print(f"cancel B: {str(b.cancel()).lower()}, cancelled: {str(b.cancelled()).lower()}")
# ANCHOR_END: main


asyncio.run(main())
