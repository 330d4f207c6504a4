"""Two taxis as generators, resumed in turns: each goes on where it stopped."""


def taxi():
    yield "leaves the garage"
    yield "picks up a passenger"
    yield "is home"


taxis = {"A": taxi(), "B": taxi()}
while taxis:
    for name in list(taxis):
        try:
            print(f"taxi {name} {next(taxis[name])}")
        except StopIteration:
            del taxis[name]
