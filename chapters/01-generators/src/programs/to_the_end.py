"""Two taxis as ordinary functions: the second waits until the first is home."""


def drive(taxi):
    print(f"taxi {taxi} leaves the garage")
    print(f"taxi {taxi} picks up a passenger")
    print(f"taxi {taxi} is home")


drive("A")
drive("B")
