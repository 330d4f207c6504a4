"""Half a close: the client has said everything, and still hears the answer."""

import asyncio


# ANCHOR: main
async def count(reader, writer):
    text = await reader.read()  # until the end
    print(f"server: the end after {len(text)} bytes")
    writer.write(f"{len(text.split())} words".encode())
    writer.close()


async def main():
    server = await asyncio.start_server(count, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"how many words are these")
    writer.write_eof()
    print("client: sent everything, and its end")
    answer = await reader.read()
    print(f'client: hears "{answer.decode()}", and the end')
    writer.close()


asyncio.run(main())
# ANCHOR_END: main
