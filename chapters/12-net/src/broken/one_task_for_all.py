"""One task that writes to all guests: it waits for the slowest of them, and so do all others."""

import asyncio


# ANCHOR: main
async def tell(guests, line):
    for guest in guests:
        guest.write(line)
        await guest.drain()


async def host(guests):
    for line in (b"good evening", b"." * (16 << 20), b"good night"):
        await asyncio.sleep(1)
        await tell(guests, line)


async def main():
    # Bob listens. Eve, who came before him, has fallen asleep.
    accepted = asyncio.Queue()
    server = await asyncio.start_server(lambda r, w: accepted.put_nowait(w), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    eve, eves = await asyncio.open_connection(*address)
    eves.transport.pause_reading()
    bob, bobs = await asyncio.open_connection(*address)
    hosting = asyncio.create_task(host([await accepted.get(), await accepted.get()]))
    while True:
        try:
            heard = await asyncio.wait_for(bob.read(100), 60)
        except TimeoutError:
            break
        print(f"{now():2} s  bob hears {len(heard)} bytes")
    print(f"{now():2} s  bob has heard nothing for a minute")
    hosting.cancel()
    server.close()
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time())


asyncio.run(main())
