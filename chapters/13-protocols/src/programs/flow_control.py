"""Flow control: the peer does not read, the buffer grows over its high mark, and the writer is told."""

import asyncio
import socket

MIB = 1 << 20


# ANCHOR: slow
class Slow(asyncio.Protocol):
    """Reads nothing before 10 s."""

    heard = 0

    def connection_made(self, transport):
        transport.pause_reading()
        loop.call_later(10, transport.resume_reading)

    def data_received(self, data):
        Slow.heard += len(data)
# ANCHOR_END: slow


# ANCHOR: writer
class Writer(asyncio.Protocol):
    """Is told when to pause."""

    paused = False

    def connection_made(self, transport):
        self.transport = transport
        transport.set_write_buffer_limits(high=10 * MIB, low=5 * MIB)

    def pause_writing(self):
        self.paused = True
        tell(f"client: pause_writing, {buffer(self.transport)}")

    def resume_writing(self):
        self.paused = False
        tell("client: resume_writing")
# ANCHOR_END: writer


# ANCHOR: write
async def write(transport, protocol):
    """Writes 4 MiB every two seconds, six times, unless it is to pause."""
    written = 0
    while written < 6:
        if protocol.paused:
            tell("client: waits")
        else:
            transport.write(bytes(4 * MIB))
            written += 1
            tell(f"client: has written, {buffer(transport)}")
        await asyncio.sleep(2)
    transport.close()
# ANCHOR_END: write


# ANCHOR: fill
async def fill(transport):
    """Writes until the operating system takes no more, and half a MiB for our own buffer. Says how much that was."""
    filled = 0
    while transport.get_write_buffer_size() == 0:
        while transport.get_write_buffer_size() == 0:
            transport.write(bytes(1024))
            filled += 1024
        # It may make room once more.
        await asyncio.sleep(0.001)
    # What little it may yet take is not seen among whole MiB.
    transport.write(bytes(MIB // 2))
    return filled + MIB // 2


def buffer(transport):
    return f"buffer: {transport.get_write_buffer_size() // MIB} MiB"
# ANCHOR_END: fill


def tell(what):
    print(f"{loop.time() - start:2.0f} s  {what}")


# ANCHOR: main
async def main():
    global loop, start
    loop = asyncio.get_running_loop()
    start = loop.time()
    server = await loop.create_server(Slow, "127.0.0.1", 0)
    # What is kept for who does not read may grow to megabytes, and at any time: so its size is set.
    server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
    address = server.sockets[0].getsockname()
    transport, protocol = await loop.create_connection(Writer, *address)
    filled = await fill(transport)
    await asyncio.sleep(start + 1 - loop.time())
    written = asyncio.create_task(write(transport, protocol))
    await asyncio.sleep(30)
    tell(f"server: heard {Slow.heard - filled} bytes")
# ANCHOR_END: main


asyncio.run(main())
