"""A chain of awaits: only the innermost `yield` stops, and each send goes straight down to it."""


# ANCHOR: chain
async def night():
    print("  night: begins")
    fare = await trip()
    print(f"  night: the fare was {fare}")
    return "home"


async def trip():
    print("    trip: begins")
    await Passenger(2)
    print("    trip: ends")
    return 12


class Passenger:
    def __init__(self, minutes):
        self.minutes = minutes

    def __await__(self):
        while self.minutes > 0:
            self.minutes -= 1
            print("      passenger: Pending")
            yield
        print("      passenger: Ready")
# ANCHOR_END: chain


coroutine = night()
poll = 1
while True:
    print(f"poll {poll}")
    try:
        coroutine.send(None)
    except StopIteration as end:
        print(f"the night is over: {end.value}")
        break
    poll += 1
