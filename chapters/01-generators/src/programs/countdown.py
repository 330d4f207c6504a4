"""A generator, resumed by hand: it goes on where it stopped."""


# ANCHOR: generator
def countdown(n):
    while n > 0:
        yield n
        n -= 1
    return "lift-off"
# ANCHOR_END: generator


# ANCHOR: drive
seconds = countdown(3)
print("made: nothing has run yet")
while True:
    try:
        n = next(seconds)
    except StopIteration as end:
        print(f'it returned "{end.value}"')
        break
    print(f"it yielded {n}; we do something else")
# ANCHOR_END: drive
