"""A report and an e-mail, one after another and at once."""

import asyncio

REPORT = [("enter the figures", 1), ("(report is made)", 5), ("check the report", 1)]
EMAIL = [("write the e-mail", 3)]


# ANCHOR: main
async def script(steps, log):
    for step, minutes in steps:
        log.setdefault(round(asyncio.get_running_loop().time() - start), []).append(step)
        await asyncio.sleep(minutes)  # a second for a minute


async def timeline(*scripts):
    global start
    start = asyncio.get_running_loop().time()
    log = {}
    await asyncio.gather(*(script(steps, log) for steps in scripts))
    log[round(asyncio.get_running_loop().time() - start)] = ["all done"]
    return log
# ANCHOR_END: main


one_by_one = asyncio.run(timeline(REPORT + EMAIL))
at_once = asyncio.run(timeline(REPORT, [("(wait for the figures)", 1)] + EMAIL))
print(f"minute  {'one after another':20}at once")
for minute in range(11):
    left, right = (", ".join(log.get(minute, [])) for log in (one_by_one, at_once))
    print(f"{minute:6}  {left:20}{right}".rstrip())
