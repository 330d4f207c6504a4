"""A server of lines, as a protocol: `set KEY VALUE`, `get KEY`, `quit`."""

import asyncio


# ANCHOR: protocol
class KeyValue(asyncio.Protocol):
    def __init__(self, values):
        self.values, self.buffer = values, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            self.line_received(line.decode())
        if len(self.buffer) > LONGEST:
            self.transport.write(b"too long\n")
            self.transport.close()
# ANCHOR_END: protocol

    # ANCHOR: line
    def line_received(self, line):
        match line.split(" ", 2):
            case ["set", key, value]:
                self.values[key] = value
                self.answer("stored")
            case ["get", key]:
                self.answer(self.values.get(key, "unknown"))
            case ["quit"]:
                self.transport.close()
            case _:
                self.answer("set KEY VALUE, get KEY, or quit")

    def answer(self, text):
        self.transport.write(f"{text}\n".encode())
    # ANCHOR_END: line


LONGEST = 1024


# ANCHOR: main
async def call(name, address, pieces):
    reader, writer = await asyncio.open_connection(*address)
    for piece in pieces:
        writer.write(piece.encode())
        await asyncio.sleep(1)
    writer.write_eof()
    async for line in reader:
        print(f"{name} hears: {line.decode().rstrip()}")
    writer.close()


async def main():
    values = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: KeyValue(values), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await call("A", address, ["set taxi 17 min", "utes\nget ta", "xi\nget bus\nfly\n"])
    await call("B", address, ["get taxi\nquit\nget taxi\n"])
    await call("C", address, ["x" * 2000])
# ANCHOR_END: main


asyncio.run(main())
