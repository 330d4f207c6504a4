"""An answer that takes a second, for two who ask at once; and a number in a path that may be none."""

import asyncio
import json


# ANCHOR: app
async def answer(path):
    if path == "/":
        await asyncio.sleep(1)
        return 200, {"Hello": "World"}
    try:
        return 200, {"item_id": int(path.removeprefix("/items/"))}
    except ValueError as why:
        return 422, {"item_id": str(why)}


async def handle(reader, writer):
    method, path, version = (await reader.readline()).decode().split()
    while await reader.readline() != b"\r\n":
        pass
    status, body = await answer(path)
    text = json.dumps(body, separators=(",", ":"))
    head = f"HTTP/1.1 {status} -\r\ncontent-length: {len(text)}"
    writer.write(f"{head}\r\n\r\n{text}".encode())
    writer.close()
# ANCHOR_END: app


async def ask(address, path):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    head, text = (await reader.read()).decode().split("\r\n\r\n")
    now = round(asyncio.get_running_loop().time())
    print(f"{now} s  {path}: {head.split()[1]} {text}")
    writer.close()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(ask(address, "/"), ask(address, "/"))
    for path in ("/items/7", "/items/-7", "/items/taxi", "/items/7.5"):
        await ask(address, path)
    server.close()


asyncio.run(main())
