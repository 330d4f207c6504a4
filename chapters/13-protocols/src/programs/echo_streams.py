"""The echo, by streams: a task for each connection, in straight-line code."""

import asyncio

from passengers import call


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


asyncio.run(main())
