"""Frames: a length, then as many bytes. One that is cut off says how much of it came."""

import asyncio
import struct


# ANCHOR: main
async def read_frame(reader):
    try:
        length = await reader.readexactly(4)
    except asyncio.IncompleteReadError as cut:
        if not cut.partial:
            return None  # the end, between two frames
        raise
    return await reader.readexactly(struct.unpack("!I", length)[0])


async def listen(reader, writer):
    try:
        while (frame := await read_frame(reader)) is not None:
            print(f"{now()} s  a frame: {frame.decode()}")
        print(f"{now()} s  the end")
    except asyncio.IncompleteReadError as cut:
        came = cut.partial.decode()
        print(f'{now()} s  cut off: {len(came)} of {cut.expected} bytes, "{came}"')
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
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
