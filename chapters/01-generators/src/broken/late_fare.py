"""A fare that comes after the end of the shift: no meter is left to take it."""


def meter():
    rides = total = 0
    while True:
        fare = yield total
        if fare is None:
            return rides, total
        rides += 1
        total += fare


coroutine = meter()
for sent in (None, 12, None, 7):
    try:
        print(coroutine.send(sent))
    except StopIteration as end:
        print(f"StopIteration({end.value!r})")
