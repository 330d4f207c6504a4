"""Six requests, one due each second, and a server that stalls: who waits, and since when?"""

import asyncio


# ANCHOR: main
async def answer():
    await asyncio.sleep(0.5)
    if 1.2 <= now() < 4.2:
        await asyncio.sleep(4.2 - now())


async def main():
    since_due, since_sent = [], []
    for number in range(6):
        await asyncio.sleep(max(0, number - now()))
        sent = now()
        await answer()
        since_due.append(now() - number)
        since_sent.append(now() - sent)
        print(f"{now():>6g} s  request {number}, {short(now() - sent)} after it was sent")
    print(f"longest since it was due:  {short(max(since_due))}")
    print(f"longest since it was sent: {short(max(since_sent))}")
    print(f"mean since it was due:  {short(sum(since_due) / 6)}")
    print(f"mean since it was sent: {short(sum(since_sent) / 6)}")
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time(), 6)


def short(seconds):
    return f"{seconds:.3g} s" if seconds > 0.9995 else f"{seconds * 1000:.3g} ms"


asyncio.run(main())
