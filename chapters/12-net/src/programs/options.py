"""What can be set of a socket, and what it is if nobody sets it."""

import asyncio
import socket


# ANCHOR: main
async def main():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    sock = writer.get_extra_info("socket")

    def show(when):
        nodelay = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        keepalive = sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        on = ("off", "on")
        print(f"{when}: nodelay {on[nodelay != 0]}, keepalive {on[keepalive != 0]}")

    show("new")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    show("set")
    await reader.read()
    writer.close()
    server.close()
# ANCHOR_END: main


asyncio.run(main())
