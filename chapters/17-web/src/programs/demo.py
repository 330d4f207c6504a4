"""A form that takes its time: the handler begins before it is there."""

import asyncio
import json
from urllib.parse import parse_qs


# ANCHOR: app
async def demo1(path, length, reader):
    name = path.removeprefix("/demo1/")
    print(f"{now()} s  demo1 begins: it knows {name}")
    form = parse_qs((await reader.readexactly(length)).decode())
    print(f"{now()} s  demo1 has the form")
    return json.dumps({"name": name, "key": form["key"][0]}, separators=(",", ":"))


async def handle(reader, writer):
    method, path, version = (await reader.readline()).decode().split()
    length = 0
    while (line := await reader.readline()) != b"\r\n":
        name, value = line.decode().split(":", 1)
        if name.lower() == "content-length":
            length = int(value)
    body = await demo1(path, length, reader)
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}"
    writer.write(f"{head}\r\n\r\n{body}".encode())
    writer.close()
# ANCHOR_END: app


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    header = (
        "POST /demo1/Ann HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        "content-type: application/x-www-form-urlencoded\r\ncontent-length: 15\r\n\r\n"
    )
    for piece in (header, "key=to+", "the+sea!"):
        print(f"{now()} s  sent: {len(piece)} bytes")
        writer.write(piece.encode())
        await asyncio.sleep(2)
    answer = (await reader.read()).decode()
    body = answer.split("\r\n\r\n")[1]
    print(f"{now()} s  answer: {body}")
    writer.close()
    server.close()


def now():
    return round(asyncio.get_running_loop().time())


asyncio.run(main())
