"""The taxi simulation: three taxis and one clock, without asyncio."""

from heapq import heappop, heappush


# ANCHOR: taxi
def taxi(name, trips, delay, dice):
    def sleep(wait):
        nonlocal now
        asleep = now
        now = yield now + wait
        return now - asleep

    def says(what):
        print(f"{now:3} s  taxi {name} {what}")

    now = yield  # priming: the loop sends the time
    says(f"will leave the garage in {delay} s")
    after = yield from sleep(delay)
    says(f"leaves the garage after {after} s")
    for _ in range(trips):
        says("hovers")
        after = yield from sleep(dice.up_to(10))
        says(f"picks up a passenger after {after} s")
        after = yield from sleep(dice.up_to(10))
        says(f"drops off a passenger after {after} s")
    says("goes home")
    after = yield from sleep(dice.up_to(10))
    says(f"is home after {after} s")
# ANCHOR_END: taxi


# ANCHOR: loop
def run(taxis):
    waiting, sequence, now = [], 0, 0
    for coroutine in taxis:
        next(coroutine)
        heappush(waiting, (coroutine.send(now), sequence, coroutine))
        sequence += 1
    while waiting:
        deadline, _, coroutine = heappop(waiting)
        now = max(now, deadline)  # on a real clock: sleep until then
        try:
            deadline = coroutine.send(now)
        except StopIteration:
            continue
        heappush(waiting, (deadline, sequence, coroutine))
        sequence += 1
    return now
# ANCHOR_END: loop


class Dice:
    """SplitMix64, as in dice.rs: the same seed rolls the same numbers."""

    MASK = 2**64 - 1

    def __init__(self, seed):
        self.state = seed

    def up_to(self, most):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return ((z ^ (z >> 31)) * (most + 1)) >> 64


night = [("A", 4, 0), ("B", 3, 3), ("C", 2, 4)]
total = run(
    taxi(name, trips, delay, Dice(1 + (number << 32)))
    for number, (name, trips, delay) in enumerate(night)
)
print(f"total: {total} s, as long as the last taxi was out")
