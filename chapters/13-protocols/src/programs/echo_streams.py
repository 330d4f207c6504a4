"""The echo, by streams: a task for each connection, in straight-line code."""

import asyncio


# ANCHOR: echo
async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
# ANCHOR_END: echo


# ANCHOR: main
async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    await call(server.sockets[0].getsockname())
# ANCHOR_END: main


MUCH = 16 << 20


# ANCHOR: call
async def call(address):
    lines = {name: await asyncio.open_connection(*address) for name in "AB"}
    for words in ("good evening", "a taxi, please"):
        for name, (reader, writer) in lines.items():
            writer.write(words.encode())
            heard = await reader.readexactly(len(words))
            print(f"{name} hears: {heard.decode()}")
    for name, (reader, writer) in lines.items():
        writer.write_eof()
        assert await reader.read() == b""
        print(f"{name} hears the end")
        writer.close()

    # Sends and listens at once, or neither would end.
    reader, writer = await asyncio.open_connection(*address)
    sent = asyncio.create_task(send(writer))
    heard = await reader.read()
    await sent
    print(f"C hears {len(heard)} of {MUCH} bytes")
    writer.close()
# ANCHOR_END: call


async def send(writer):
    writer.write(bytes(MUCH))
    await writer.drain()
    writer.write_eof()


if __name__ == "__main__":
    asyncio.run(main())
