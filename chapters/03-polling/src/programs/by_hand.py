"""A coroutine written by hand beside the `async def` that it equals, send by send."""

import types


# ANCHOR: by-hand
class LiftOff:
    """What Python keeps of lift_off between two stops."""

    def __init__(self, n):
        self.n = n

    def send(self, _):
        if self.n == 0:
            raise StopIteration("lift-off")
        self.n -= 1
# ANCHOR_END: by-hand


@types.coroutine
def yield_now():
    yield


async def lift_off(n):
    while n > 0:
        await yield_now()
        n -= 1
    return "lift-off"


def answer(coroutine):
    try:
        coroutine.send(None)
        return "not yet"
    except StopIteration as end:
        return end.value


def polls(coroutine):
    count = 1
    while answer(coroutine) == "not yet":
        count += 1
    return count


by_hand, compiled = LiftOff(3), lift_off(3)
print("made: nothing has run yet")
for poll in range(1, 5):
    print(f"poll {poll}: {answer(by_hand):8} | {answer(compiled)}")
for n in (0, 1, 1000):
    print(f"{n:4} stops: {polls(LiftOff(n))} and {polls(lift_off(n))} polls")
