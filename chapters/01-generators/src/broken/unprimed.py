"""A meter that nobody primed: Python says so."""


def meter():
    total = 0
    while True:
        fare = yield total
        total += fare


coroutine = meter()
try:
    coroutine.send(12)
except TypeError as error:
    print(f"TypeError: {error}")
