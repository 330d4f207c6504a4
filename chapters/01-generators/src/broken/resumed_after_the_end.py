"""A countdown that is resumed once more after its end."""


def countdown(n):
    while n > 0:
        yield n
        n -= 1
    return "lift-off"


seconds = countdown(1)
for _ in range(3):
    try:
        print(next(seconds))
    except StopIteration as end:
        print(f"StopIteration({end.value!r})")
