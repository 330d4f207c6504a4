"""The echo, by callbacks on readiness: everything else is ours to do."""

import asyncio
import socket

from echo_streams import call


# ANCHOR: echo
class Echo:
    def __init__(self, conn):
        self.loop, self.conn = asyncio.get_running_loop(), conn
        self.to_send, self.ended = bytearray(), False
        self.loop.add_reader(conn, self.can_read)

    def can_read(self):
        data = self.conn.recv(65536)
        self.ended = not data
        self.to_send += data
        self.loop.remove_reader(self.conn)
        self.can_write()

    def can_write(self):
        try:
            sent = self.conn.send(self.to_send)
        except BlockingIOError:
            sent = 0
        del self.to_send[:sent]
        if self.to_send:
            self.loop.add_writer(self.conn, self.can_write)
            return
        self.loop.remove_writer(self.conn)
        if self.ended:
            self.conn.close()
        else:
            self.loop.add_reader(self.conn, self.can_read)
# ANCHOR_END: echo


# ANCHOR: main
async def main():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    def can_accept():
        conn, _ = listener.accept()
        conn.setblocking(False)
        Echo(conn)

    asyncio.get_running_loop().add_reader(listener, can_accept)
    await call(listener.getsockname())
# ANCHOR_END: main


asyncio.run(main())
