"""A stream on a protocol: data_received fills a buffer, and read takes from it."""

import asyncio


# ANCHOR: main
class LineReader(asyncio.Protocol):
    """A protocol that lets a coroutine read lines."""

    def __init__(self):
        self.buffer, self.ended, self.waiter = b"", False, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        self.wake()
        if len(self.buffer) > 2 * LIMIT:
            print("  (pause_reading)")
            self.transport.pause_reading()

    def eof_received(self):
        self.ended = True
        self.wake()
        return True

    def wake(self):
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def readline(self):
        while b"\n" not in self.buffer and not self.ended:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        line, _, self.buffer = self.buffer.partition(b"\n")
        if len(self.buffer) <= LIMIT:
            self.transport.resume_reading()
        return line
# ANCHOR_END: main


LIMIT = 16


async def main():
    loop = asyncio.get_running_loop()
    accepted = loop.create_future()

    def factory():
        reader = LineReader()
        accepted.set_result(reader)
        return reader

    server = await loop.create_server(factory, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"good evening\na taxi, please\nto the opera\n")
    writer.write_eof()
    reader = await accepted
    while line := await reader.readline():
        print(line.decode())


asyncio.run(main())
