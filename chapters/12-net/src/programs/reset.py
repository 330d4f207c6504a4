"""An end is one thing, and a reset another: only the first says that everything has arrived."""

import asyncio
import socket
import struct


# ANCHOR: main
async def listen(reader, writer):
    try:
        while line := await reader.readline():
            print(f"heard: {line.decode().rstrip()}")
        print("the end: that was everything")
    except ConnectionResetError:
        print("a reset: something may be missing")
    writer.close()
    ended.set()


async def call(address, hang_up):
    ended.clear()
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"a taxi, please\n")
    await asyncio.sleep(1)
    hang_up(writer)
    await ended.wait()


def reset(writer):
    # A close that waits for nothing, not even for what is still to be sent.
    no_time = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_time)
    writer.close()


async def main():
    global ended
    ended = asyncio.Event()
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await call(address, lambda writer: writer.close())
    await call(address, reset)
    server.close()
# ANCHOR_END: main


asyncio.run(main())
