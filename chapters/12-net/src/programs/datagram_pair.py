"""Two pairs of sockets: a stream glues what was sent, datagrams keep it apart."""

import asyncio
import socket


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    for kind, name in ((socket.SOCK_STREAM, "stream"), (socket.SOCK_DGRAM, "datagrams")):
        left, right = socket.socketpair(socket.AF_UNIX, kind)
        with left, right:
            left.setblocking(False)
            right.setblocking(False)
            for word in (b"one", b"two", b"three"):
                await loop.sock_sendall(left, word)
            heard = await loop.sock_recv(right, 100)
            print(f"{name}: one receive gives {heard.decode()!r}")
# ANCHOR_END: main


asyncio.run(main())
