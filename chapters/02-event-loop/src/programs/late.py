"""A taxi that asks for a moment in the past: it is resumed at once, after those already due."""

from heapq import heappop, heappush


def bus(name, timetable):
    now = yield
    for second in timetable:
        print(f"{now} s  {name} wants to go on at {second} s")
        now = yield second
    print(f"{now} s  {name} is home")


# ANCHOR: loop
waiting, sequence, now = [], 0, 0
for name, timetable in ("A", [5, 2, 7]), ("B", [5, 6]):
    coroutine = bus(name, timetable)
    next(coroutine)
    heappush(waiting, (coroutine.send(now), sequence, coroutine))
    sequence += 1
while waiting:
    now, _, coroutine = heappop(waiting)
    try:
        deadline = max(coroutine.send(now), now)
    except StopIteration:
        continue
    heappush(waiting, (deadline, sequence, coroutine))
    sequence += 1
print(f"total: {now} s")
# ANCHOR_END: loop
