"""A protocol that closes, and then says goodbye."""

import asyncio


# ANCHOR: main
class Porter(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"we are closed. ")
        transport.close()
        transport.write(b"come back tomorrow.")


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Porter, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    heard = await reader.read()
    print(f'hears: "{heard.decode()}"')
    writer.close()
# ANCHOR_END: main


asyncio.run(main())
