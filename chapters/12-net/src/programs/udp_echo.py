"""Datagrams: no connection, no order, no end; what was sent in one piece arrives in one piece."""

import asyncio


# ANCHOR: main
class Office(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(data, address)


class Taxi(asyncio.DatagramProtocol):
    def __init__(self):
        self.heard = asyncio.Queue()

    def datagram_received(self, data, address):
        self.heard.put_nowait(data)


async def main():
    loop = asyncio.get_running_loop()
    office, _ = await loop.create_datagram_endpoint(Office, local_addr=("127.0.0.1", 0))
    address = office.get_extra_info("sockname")
    transport, taxi = await loop.create_datagram_endpoint(Taxi, remote_addr=address)
    for word in ("good evening", "a taxi, please"):
        transport.sendto(word.encode())
    for _ in range(2):
        print(f"{now()} s  the taxi hears {(await taxi.heard.get()).decode()!r}")
    try:
        await asyncio.wait_for(taxi.heard.get(), 5)
    except TimeoutError:
        print(f"{now()} s  nothing more; nobody says that it was all")
    office.close()
    transport.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
