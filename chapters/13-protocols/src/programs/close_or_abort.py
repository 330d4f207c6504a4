"""close sends what is still buffered, and abort does not."""

import asyncio

MUCH = 16 * 1024 * 1024


# ANCHOR: ends
class Ends(asyncio.Protocol):
    """Writes 16 MiB, which no operating system takes at once, and ends the connection."""

    def __init__(self, how):
        self.how, self.lost = how, loop.create_future()

    def connection_made(self, transport):
        transport.write(bytes(MUCH))
        getattr(transport, self.how)()

    def connection_lost(self, exc):
        say(f"server: connection_lost({exc})")
# ANCHOR_END: ends


def say(what):
    print(f"{loop.time() - start:2.0f} s  {what}")


# ANCHOR: main
async def main():
    global loop, start
    loop = asyncio.get_running_loop()
    start = loop.time()
    for how in ("close", "abort"):
        say(how)
        server = await loop.create_server(lambda: Ends(how), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await asyncio.sleep(5)
        heard = len(await reader.read())
        all_of_it = "all" if heard == MUCH else "not all"
        say(f"client: hears {all_of_it} of it, and the end")
        writer.close()
        await asyncio.sleep(1)
# ANCHOR_END: main


asyncio.run(main())
