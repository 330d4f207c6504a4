"""Lines out of a stream, however its bytes arrive; one over the limit is an error, and its bytes are still there."""

import asyncio
import json


# ANCHOR: main
async def listen(reader, writer):
    while True:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            start = await reader.read(9)
            start = start.decode()
            print(f'{now()} s  over the limit of 40 bytes; it begins with "{start}"')
            break
        print(f"{now()} s  a line: {line.decode().rstrip()}")
    writer.close()


async def main():
    server = await asyncio.start_server(listen, "127.0.0.1", 0, limit=40)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in ("a ta", "xi, please\nto the sta", "tion\nand ", "hurry\n"):
        print(f"{now()} s  sent: {json.dumps(piece)}")
        writer.write(piece.encode())
        await asyncio.sleep(1)
    writer.write(b"by way of " * 5)
    await reader.read()  # until the server hangs up
    writer.close()
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
