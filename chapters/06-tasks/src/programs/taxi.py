"""The taxi simulation on asyncio: a task a taxi."""

import asyncio


# ANCHOR: night
async def night(name, trips, delay, dice):
    def says(what):
        print(f"{now():3} s  taxi {name} {what}")

    async def sleep(wait):
        asleep = now()
        await asyncio.sleep(wait)
        return now() - asleep

    says(f"will leave the garage in {delay} s")
    says(f"leaves the garage after {await sleep(delay)} s")
    for _ in range(trips):
        says("hovers")
        says(f"picks up a passenger after {await sleep(dice.up_to(10))} s")
        says(f"drops off a passenger after {await sleep(dice.up_to(10))} s")
    says("goes home")
    says(f"is home after {await sleep(dice.up_to(10))} s")


async def main():
    global start
    start = asyncio.get_running_loop().time()
    fleet = [("A", 4, 0), ("B", 3, 3), ("C", 2, 4)]
    taxis = [
        asyncio.create_task(night(*taxi, Dice(1 + (number << 32))))
        for number, taxi in enumerate(fleet)
    ]
    for taxi in taxis:
        await taxi
    print(f"total: {now()} s, as long as the last taxi was out")
# ANCHOR_END: night


def now():
    return round(asyncio.get_running_loop().time() - start)


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


asyncio.run(main())
