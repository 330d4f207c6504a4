"""A coroutine that is resumed once more after its end."""

import types


@types.coroutine
def yield_now():
    yield


# ANCHOR: main
async def lift_off(n):
    while n > 0:
        await yield_now()
        n -= 1
    return "lift-off"


coroutine = lift_off(1)
for _ in range(3):
    try:
        coroutine.send(None)
        print("not yet")
    except StopIteration as end:
        print(end.value)
    except RuntimeError as error:
        print(f"RuntimeError: {error}")
# ANCHOR_END: main
