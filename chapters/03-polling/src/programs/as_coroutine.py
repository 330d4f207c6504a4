"""An `async def` coroutine beside a generator, both resumed by the same driver."""

import json
import types


def countdown(n):
    while n > 0:
        yield n
        n -= 1
    return "lift-off"


# ANCHOR: main
@types.coroutine
def yield_now():
    yield ()


async def lift_off(n):
    while n > 0:
        await yield_now()
        n -= 1
    return "lift-off"


def drive(coroutine):
    while True:
        try:
            print(f"  yielded {coroutine.send(None)}")
        except StopIteration as end:
            print(f"  returned {json.dumps(end.value)}")
            break


print("a coroutine of chapter 1")
drive(countdown(2))
print("a future")
drive(lift_off(2))
# ANCHOR_END: main
