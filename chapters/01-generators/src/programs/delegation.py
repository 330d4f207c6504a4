"""Delegation: the letters of "AB", then 1 and 2, then a generator that never ends."""

from itertools import islice


# ANCHOR: main
def subgen():
    while True:
        yield "subgen"


def outer():
    yield from "AB"
    yield from range(1, 3)
    yield from subgen()


for item in islice(outer(), 7):
    print(item)
# ANCHOR_END: main
