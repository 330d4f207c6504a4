"""A datagram that is longer than the buffer: the rest is lost."""

import asyncio
import socket


# ANCHOR: main
def bound():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind(("127.0.0.1", 0))
    return sock


async def main():
    loop = asyncio.get_running_loop()
    with bound() as office, bound() as taxi:
        for word in ("to the station, please", "thank you"):
            await loop.sock_sendto(taxi, word.encode(), office.getsockname())
        for _ in range(2):
            heard = await loop.sock_recv(office, 14)
            print(f"heard {len(heard)} bytes: {heard.decode()!r}")
        try:
            await loop.sock_sendto(taxi, bytes(70_000), office.getsockname())
        except OSError:
            print("70000 bytes are refused at once: no datagram is that long")
# ANCHOR_END: main


asyncio.run(main())
