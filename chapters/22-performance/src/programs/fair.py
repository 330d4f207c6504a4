"""The same comparison, with the standard library's own median and quartiles."""


# ANCHOR: main
class Machine:
    """A machine that others use, too: from some moment on it has half of its speed left."""

    def __init__(self, slow_from):
        self.now = 0
        self.slow_from = slow_from

    def work(self, seconds):
        slow = self.now >= self.slow_from
        self.now += 2 * seconds if slow else seconds


def took(machine, seconds):
    start = machine.now
    machine.work(seconds)
    return machine.now - start


def compare(machine, rounds, ours, theirs):
    pairs = [(took(machine, ours), took(machine, theirs)) for _ in range(rounds + 1)]
    ratios = sorted(theirs / ours for ours, theirs in pairs[1:])
    last = len(ratios) - 1
    return ratios[last // 4], ratios[last // 2], ratios[last - last // 4]


for seconds in 1, 3:
    low, median, high = compare(Machine(slow_from=9), 5, 1, seconds)
    print(f"theirs takes {median:.2f} of ours ({low:.2f} to {high:.2f})")
# ANCHOR_END: main
