"""Several addresses for one name: the first that answers is taken."""

import asyncio
import socket


# ANCHOR: main
async def greet(reader, writer):
    writer.write(b"taxi office, good evening\n")
    writer.close()


async def open_any(addresses):
    for host, port in addresses:
        try:
            return await asyncio.open_connection(host, port)
        except OSError as error:
            last = error
    raise last


def nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()


async def main():
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    office = server.sockets[0].getsockname()
    reader, writer = await open_any([nobody_there(), nobody_there(), office])
    print("the third answers:", (await reader.readline()).decode().rstrip())
    writer.close()
    try:
        await open_any([nobody_there(), nobody_there()])
    except ConnectionRefusedError:
        print("none answers: the last one refused")
    server.close()
# ANCHOR_END: main


asyncio.run(main())
