"""A connection without a network: its address is a path in the file system."""

import asyncio
import os
import tempfile


# ANCHOR: main
async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "office")
        server = await asyncio.start_unix_server(echo, path)
        reader, writer = await asyncio.open_unix_connection(path)
        for word in ("good evening", "a taxi, please"):
            writer.write(f"{word}\n".encode())
            print("heard:", (await reader.readline()).decode().rstrip())
        writer.write_eof()
        if not await reader.readline():
            print("the end")
        writer.close()
        server.close()
        if os.path.exists(path):
            print("the path is still there")
# ANCHOR_END: main


asyncio.run(main())
