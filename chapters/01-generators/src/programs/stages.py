"""The same three stages as a coroutine: one `try`, and an error that knows whose it is."""

ANSWERS = {
    "locate ada": "Main Street",
    "locate bob": "Harbour Road",
    "find a taxi near Harbour Road": "taxi C",
    "book taxi C": "taxi C is coming",
}


# ANCHOR: order
def order(passenger):
    street = ""
    try:
        street = yield f"locate {passenger}"
        taxi = yield f"find a taxi near {street}"
        return (yield f"book {taxi}")
    except LookupError as error:
        raise LookupError(f"{error.args[0]} ({passenger} waits at {street})")
# ANCHOR_END: order


def drive(coroutine):
    request = next(coroutine)
    while True:
        print(f"dispatcher: {request}")
        try:
            if request in ANSWERS:
                request = coroutine.send(ANSWERS[request])
            else:
                request = coroutine.throw(LookupError(f"cannot {request}"))
        except StopIteration as end:
            return end.value


for passenger in ("ada", "bob"):
    try:
        print(f"main: {passenger}: {drive(order(passenger))}")
    except LookupError as error:
        print(f"main: nothing for {passenger}: {error.args[0]}")
