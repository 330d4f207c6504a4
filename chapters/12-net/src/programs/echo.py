"""An echo, line by line: a handler for each who calls."""

import asyncio


# ANCHOR: main
async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def passenger(name, wait, address):
    reader, writer = await asyncio.open_connection(*address)
    for word in ("good evening", "a taxi, please", "thank you"):
        await asyncio.sleep(wait)
        writer.write(f"{word}\n".encode())
        heard = await reader.readline()
        print(f"{now():2} s  {name} hears: {heard.decode().rstrip()}")
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(
        passenger("A", 4, address), passenger("B", 5, address), passenger("C", 7, address)
    )
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
