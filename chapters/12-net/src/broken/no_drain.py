"""Writing without drain: nothing ever waits, and what the guest does not read grows in our memory."""

import asyncio

# ANCHOR: main
PIECE = 16 << 20


async def main():
    server = await asyncio.start_server(asleep, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for _ in range(4):
        writer.write(bytes(PIECE))
        await asyncio.sleep(1)
        # The kernel has taken some of the first piece.
        pieces = -(-writer.transport.get_write_buffer_size() // PIECE)
        print(f"{now()} s  pieces of 16 MiB in our memory: {pieces}")
    writer.transport.abort()
    server.close()
# ANCHOR_END: main


def asleep(reader, writer):
    writer.transport.pause_reading()
    sleepers.append((reader, writer))


sleepers = []


def now():
    return round(asyncio.get_running_loop().time())


asyncio.run(main())
