"""What eof_received answers: whether our half of the connection stays open."""

import asyncio


# ANCHOR: protocol
class Counter(asyncio.Protocol):
    """Counts words until the end, and needs two seconds for the answer."""

    def __init__(self, keep_open):
        self.keep_open, self.text = keep_open, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.text += data

    def eof_received(self):
        loop.call_later(2, self.answer)
        return self.keep_open

    def answer(self):
        if self.transport.is_closing():
            say("server: has an answer, and nobody to give it to")
            return
        self.transport.write(f"{len(self.text.split())} words".encode())
        self.transport.close()

    def connection_lost(self, exc):
        say(f"server: connection_lost({exc})")
# ANCHOR_END: protocol


def say(what):
    print(f"{loop.time() - start:2.0f} s  {what}")


# ANCHOR: main
async def main():
    global loop, start
    loop = asyncio.get_running_loop()
    start = loop.time()
    for keep_open in (False, True):
        server = await loop.create_server(lambda: Counter(keep_open), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"how many words are these")
        writer.write_eof()
        answer = await reader.read()
        say(f'client: hears "{answer.decode()}", and the end')
        writer.close()
        await asyncio.sleep(5)
# ANCHOR_END: main


asyncio.run(main())
