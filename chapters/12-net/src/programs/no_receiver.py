"""A datagram to nobody: sending succeeds, and a later call may hear of it."""

import asyncio
import socket


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        address = gone.getsockname()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taxi:
        taxi.setblocking(False)
        taxi.connect(address)
        taxi.send(b"is anybody there?")
        print("sent to nobody, and no error")
        try:
            await loop.sock_recv(taxi, 100)
        except ConnectionRefusedError:
            print("the next receive: connection refused")
# ANCHOR_END: main


asyncio.run(main())
