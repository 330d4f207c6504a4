"""Taking what one read brings for one line: the bytes of a stream have no joints."""

import asyncio


# ANCHOR: main
async def listen(reader, writer):
    while data := await reader.read(100):
        print(f"{now()} s  a line: {quoted(data)}")
    writer.close()
    ended.set()


async def main():
    global ended
    ended = asyncio.Event()
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in ("a ta", "xi, please\nto the sta", "tion\nand ", "hurry\n"):
        writer.write(piece.encode())
        await asyncio.sleep(1)
    writer.close()
    await ended.wait()
    server.close()
# ANCHOR_END: main


def now():
    return round(asyncio.get_running_loop().time())


def quoted(data):
    return '"' + repr(data.decode())[1:-1] + '"'


asyncio.run(main())
