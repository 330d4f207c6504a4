"""Three pieces of advice, weighed: what does each save, of a cheap item's time and of a dear one's?"""

import asyncio


# ANCHOR: main
async def serve(turn, call, item, a_turn=1, a_read=1):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in range(1000):
        nanos = item
        if number % a_turn == 0:
            nanos += turn
        if number % a_read == 0:
            nanos += call
        await asyncio.sleep(nanos / 1e9)
    return loop.time() - start


async def main(turn=200, call=2000):
    print("                       item of 100 ns  item of 50 µs")
    plans = [
        ("as it is", turn, {}),
        ("a loop twice as fast", turn // 2, {}),
        ("a hundred a turn", turn, {"a_turn": 100}),
        ("a hundred a read", turn, {"a_read": 100}),
        ("both", turn, {"a_turn": 100, "a_read": 100}),
    ]
    for name, faster, plan in plans:
        shares = []
        for item in 100, 50_000:
            before = await serve(turn, call, item)
            after = await serve(faster, call, item, **plan)
            shares.append(100 * after / before)
        print(f"{name:22} {shares[0]:12.1f} %  {shares[1]:11.1f} %")
# ANCHOR_END: main


asyncio.run(main())
