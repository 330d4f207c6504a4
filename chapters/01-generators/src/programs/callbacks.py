"""Three stages as nested callbacks: the error in stage 2 reaches nobody who could use it."""

from collections import deque

ANSWERS = {
    "locate ada": "Main Street",
    "locate bob": "Harbour Road",
    "find a taxi near Harbour Road": "taxi C",
    "book taxi C": "taxi C is coming",
}
waiting = deque()


def call(request, callback):
    waiting.append((request, callback))


# ANCHOR: order
def order(passenger):
    def stage_1(street):
        print(f"stage 1: at {street}")

        def stage_2(taxi):
            print(f"stage 2: {taxi}")

            def stage_3(receipt):
                print(f"stage 3: {receipt}")

            call(f"book {taxi}", stage_3)

        call(f"find a taxi near {street}", stage_2)

    call(f"locate {passenger}", stage_1)
# ANCHOR_END: order


for passenger in ("ada", "bob"):
    try:
        order(passenger)
        print(f"main: ordered for {passenger}, no error")
    except LookupError as error:
        print(f"main: nothing for {passenger}: {error}")

while waiting:
    request, callback = waiting.popleft()
    try:
        answer = ANSWERS[request]
    except LookupError:
        print(f"dispatcher: error: cannot {request} (whose order was it?)")
    else:
        callback(answer)
