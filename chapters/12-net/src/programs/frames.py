"""Frames: a length, then as many bytes. One that is cut off says how much of it came."""

import asyncio
import struct


# ANCHOR: main
MOST = 64 * 1024


async def read_frame(reader):
    try:
        length = await reader.readexactly(4)
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            return None  # the end, between two frames
        raise cut("a length", error)
    (length,) = struct.unpack("!I", length)
    if length > MOST:
        raise ValueError(f"too long: {length} bytes")
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise cut("a frame", error)


def cut(what, error):
    came = repr(error.partial)[2:-1]
    count = f"{len(error.partial)} of {error.expected} bytes"
    return ValueError(f'{what} was cut off: {count}, "{came}"')


async def listen(reader, writer):
    try:
        while (frame := await read_frame(reader)) is not None:
            print(f"{now()} s  a frame: {frame.decode()}")
        print(f"{now()} s  the end")
    except ValueError as error:
        print(f"{now()} s  {error}")
    writer.close()


def frame(text):
    return struct.pack("!I", len(text)) + text.encode()


async def send(address, pieces):
    reader, writer = await asyncio.open_connection(*address)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(1)


async def main():
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    two = frame("a taxi, please") + frame("to the station")
    await send(address, [two[:2], two[2:20], two[20:]])
    await send(address, [frame("and back again")[:11]])
    await send(address, [frame("or not")[:3]])
    await send(address, [b"GET / HTTP/1.1\r\n\r\n"])
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
