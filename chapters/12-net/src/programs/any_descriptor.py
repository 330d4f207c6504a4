"""Any descriptor can be waited for: here a pipe, which a thread writes into."""

import asyncio
import os
import threading


# ANCHOR: main
def dispatcher(pipe):
    for word in (b"fare at the station\n", b"fare at the port\n"):
        os.write(pipe, word)
    os.close(pipe)


async def main():
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    heard = b""

    def readable():
        nonlocal heard
        data = os.read(ours, 64)
        heard += data
        if not data:
            end.set()

    loop.add_reader(ours, readable)
    thread = threading.Thread(target=dispatcher, args=[theirs])
    thread.start()
    await end.wait()
    loop.remove_reader(ours)
    os.close(ours)
    for line in heard.decode().splitlines():
        print(f"the taxi reads: {line}")
    print("the pipe has ended")
    thread.join()
# ANCHOR_END: main


asyncio.run(main())
