"""A protocol for datagrams: each arrives whole, and there is no connection to lose."""

import asyncio


# ANCHOR: echo
class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data, addr)
# ANCHOR_END: echo


# ANCHOR: caller
class Caller(asyncio.DatagramProtocol):
    def datagram_received(self, data, addr):
        print(f'datagram_received("{data.decode()}")')

    def error_received(self, exc):
        name = type(exc).__name__.removesuffix("Error")
        print(f"error_received({name})")

    def connection_lost(self, exc):
        print(f"connection_lost({exc})")
# ANCHOR_END: caller


# ANCHOR: main
async def main():
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    address = server.get_extra_info("sockname")
    caller, _ = await loop.create_datagram_endpoint(Caller, remote_addr=address)

    caller.sendto(b"good evening")
    caller.sendto(b"a taxi, please")
    await asyncio.sleep(1)

    print("the server is gone")
    server.abort()
    await asyncio.sleep(1)
    caller.sendto(b"is anybody there?")
    await asyncio.sleep(1)
    caller.close()
    await asyncio.sleep(1)
# ANCHOR_END: main


asyncio.run(main())
