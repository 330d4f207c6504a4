"""The life of a connection: which calls a protocol gets, and when."""

import asyncio
import socket
import struct


# ANCHOR: protocol
class Told(asyncio.Protocol):
    """Says what it is told."""

    def connection_made(self, transport):
        self.transport = transport
        say("connection_made")

    def data_received(self, data):
        say(f'data_received("{data.decode()}")')
        if data == b"goodbye":
            self.transport.write(b"until tomorrow")
            self.transport.close()

    def eof_received(self):
        say("eof_received")

    def connection_lost(self, exc):
        ended = "None" if exc is None else type(exc).__name__.removesuffix("Error")
        say(f"connection_lost({ended})")
# ANCHOR_END: protocol


def say(what):
    print(f"{asyncio.get_running_loop().time() - start:2.0f} s  {what}")


# ANCHOR: main
async def speak(writer, words):
    for word in words:
        await asyncio.sleep(1)
        writer.write(word.encode())


async def main():
    global start
    loop = asyncio.get_running_loop()
    start = loop.time()
    server = await loop.create_server(Told, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()

    say("A calls, and ends her half after three words")
    reader, writer = await asyncio.open_connection(*address)
    await speak(writer, ["good evening", "a taxi, ", "please"])
    await asyncio.sleep(1)
    writer.write_eof()
    await reader.read()
    writer.close()

    say("B calls, and says goodbye")
    reader, writer = await asyncio.open_connection(*address)
    await speak(writer, ["goodbye"])
    heard = await reader.read()
    say(f'B hears "{heard.decode()}", and the end')
    writer.close()

    say("C calls, and is cut off")
    reader, writer = await asyncio.open_connection(*address)
    await speak(writer, ["a taxi"])
    await asyncio.sleep(1)
    cut_off(writer.get_extra_info("socket"))
    writer.close()
    await asyncio.sleep(1)
# ANCHOR_END: main


def cut_off(conn):
    """Has its close send a reset instead of an end."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


asyncio.run(main())
