"""Two taxis, one driven home before the other may leave."""


class Clock:
    now = 0

    def sleep(self, wait):
        self.now += wait


# ANCHOR: main
def drive(clock, name, waits):
    says = lambda what: print(f"{clock.now:3} s  taxi {name} {what}")
    says("will leave the garage in 3 s")
    clock.sleep(3)
    says("leaves the garage after 3 s")
    says("hovers")
    for wait, what in zip(waits, ["picks up a passenger", "drops off a passenger"]):
        clock.sleep(wait)
        says(f"{what} after {wait} s")
    says("goes home")
    clock.sleep(waits[2])
    says(f"is home after {waits[2]} s")
# ANCHOR_END: main


clock = Clock()
for name in "AB":
    drive(clock, name, [4, 8, 2])
print(f"total: {clock.now} s for two nights that could be one")
