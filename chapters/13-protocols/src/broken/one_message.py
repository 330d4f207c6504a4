"""A protocol that takes each call of data_received for a message."""

import asyncio


# ANCHOR: main
class Orders(asyncio.Protocol):
    def data_received(self, data):
        print(f"an order: {data.decode()}")


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Orders, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"to the opera.")
    writer.write(b"to the station.")
    await asyncio.sleep(1)
    # A slow line.
    writer.write(b"not to the air")
    await asyncio.sleep(1)
    writer.write(b"port.")
    await asyncio.sleep(1)
# ANCHOR_END: main


asyncio.run(main())
