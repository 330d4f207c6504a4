"""The echo, by a protocol: it is told what has come, and writes without waiting."""

import asyncio

from echo_streams import call


# ANCHOR: protocol
class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()
# ANCHOR_END: protocol


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    await call(server.sockets[0].getsockname())
# ANCHOR_END: main


asyncio.run(main())
