"""An echo without pause_writing: whoever sends and does not listen fills our memory."""

import asyncio
import socket

MIB = 1 << 20


# ANCHOR: main
class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def call(address, echo):
    """Sends 8 MiB a second, and reads nothing."""
    _, writer = await connect(address)
    await asyncio.sleep(1)
    for sent in (8, 16, 24, 32):
        writer.write(bytes(8 * MIB))
        await asyncio.sleep(1)
        buffered = echo.transport.get_write_buffer_size() // MIB
        print(f"sent: {sent} MiB, buffered by the server: {buffered} MiB")
# ANCHOR_END: main


async def connect(address):
    """What the operating system keeps for who does not listen may grow to megabytes, and at any time: so its size is set."""
    reader, writer = await asyncio.open_connection(*address)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
    return reader, writer


async def fill(echo):
    """Has the operating system's buffers full from the beginning, and half a MiB in ours."""
    await asyncio.sleep(0.001)
    while echo.transport.get_write_buffer_size() == 0:
        while echo.transport.get_write_buffer_size() == 0:
            echo.transport.write(bytes(1024))
        await asyncio.sleep(0.001)
    # What little they may yet take is not seen among whole MiB.
    echo.transport.write(bytes(MIB // 2))


async def main():
    echo = Echo()
    server = await asyncio.get_running_loop().create_server(lambda: echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(call(address, echo), fill(echo))


asyncio.run(main())
