"""Delegation with values in both directions: fares go in, and a receipt comes out at the end of each shift."""


def meter():
    rides = total = 0
    while True:
        fare = yield total
        if fare is None:
            return rides, total
        rides += 1
        total += fare


# ANCHOR: day
def day():
    rides, total = yield from meter()
    print(f"the morning: {rides} rides, {total}")
    return (yield from meter())
# ANCHOR_END: day


def sent(fare):
    return "None" if fare is None else f"Some({fare})"


coroutine = day()
try:
    for fare in [None, 12, 7, None, 30, 5, None]:
        total = coroutine.send(fare)
        print(f"sent {sent(fare)}: total {total}")
except StopIteration as end:
    rides, total = end.value
    print(f"the evening: {rides} rides, {total}")
