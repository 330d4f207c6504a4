"""The taxi simulation on asyncio: three coroutines that sleep."""

import asyncio


# ANCHOR: taxi
async def taxi(name, trips, delay, dice):
    def says(what):
        print(f"{now():3} s  taxi {name} {what}")

    async def sleep(wait):
        asleep = now()
        await asyncio.sleep(wait)
        return now() - asleep

    says(f"will leave the garage in {delay} s")
    after = await sleep(delay)
    says(f"leaves the garage after {after} s")
    for _ in range(trips):
        says("hovers")
        after = await sleep(dice.up_to(10))
        says(f"picks up a passenger after {after} s")
        after = await sleep(dice.up_to(10))
        says(f"drops off a passenger after {after} s")
    says("goes home")
    after = await sleep(dice.up_to(10))
    says(f"is home after {after} s")
# ANCHOR_END: taxi


start = None


def now():
    global start
    time = asyncio.get_running_loop().time()
    if start is None:
        start = time
    return round(time - start)


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


# ANCHOR: main
async def main():
    night = [("A", 4, 0), ("B", 3, 3), ("C", 2, 4)]
    await asyncio.gather(
        *(
            taxi(name, trips, delay, Dice(1 + (number << 32)))
            for number, (name, trips, delay) in enumerate(night)
        )
    )
    print(f"total: {now()} s, as long as the last taxi was out")


asyncio.run(main())
# ANCHOR_END: main
