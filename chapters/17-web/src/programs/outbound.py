"""A handler that asks another server before it answers, while others are served."""

import asyncio


# ANCHOR: app
async def archive(path):
    await asyncio.sleep(3)
    return "found"


async def office(path):
    if path == "/":
        return "Hello, world"
    print(f"{now()} s  demo2 asks the archive")
    found = await ask(archive_address, "GET", "/")
    print(f"{now()} s  demo2 has an answer: {found}")
    return "welcome"
# ANCHOR_END: app


def server(answer):
    async def handle(reader, writer):
        method, path, version = (await reader.readline()).decode().split()
        while await reader.readline() != b"\r\n":
            pass
        body = await answer(path)
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}"
        writer.write(f"{head}\r\n\r\n{body}".encode())
        writer.close()

    return asyncio.start_server(handle, "127.0.0.1", 0)


async def ask(address, method, path):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{method} {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    text = (await reader.read()).decode().split("\r\n\r\n")[1]
    writer.close()
    return text


async def ann(address):
    text = await ask(address, "POST", "/demo2")
    print(f"{now()} s  Ann: {text}")


async def bob(address):
    await asyncio.sleep(1)
    text = await ask(address, "GET", "/")
    print(f"{now()} s  Bob: {text}")


async def main():
    global archive_address
    first, second = await server(archive), await server(office)
    archive_address = first.sockets[0].getsockname()
    address = second.sockets[0].getsockname()
    await asyncio.gather(ann(address), bob(address))
    first.close()
    second.close()


def now():
    return round(asyncio.get_running_loop().time())


asyncio.run(main())
