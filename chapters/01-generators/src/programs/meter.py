"""A coroutine that consumes: primed, sent three fares, and asked for its receipt."""


# ANCHOR: meter
def meter():
    rides = total = 0
    while True:
        fare = yield total
        if fare is None:
            return rides, total
        rides += 1
        total += fare
# ANCHOR_END: meter


coroutine = meter()
print(f"primed: it waits for a fare, total {next(coroutine)}")
for fare in (12, 7, 30):
    print(f"sent {fare}: total {coroutine.send(fare)}")
try:
    coroutine.send(None)
except StopIteration as end:
    rides, total = end.value
    print(f"end of the shift: {rides} rides, {total}")
