"""An echo, as straight-line code: each passenger has a task."""

import asyncio


# ANCHOR: main
async def echo(reader, writer):
    while data := await reader.read(1024):
        writer.write(data)
        await writer.drain()
    writer.close()


async def passenger(name, wait, address):
    reader, writer = await asyncio.open_connection(*address)
    for word in ("good evening", "a taxi, please", "thank you"):
        await asyncio.sleep(wait)
        writer.write(word.encode())
        heard = await reader.readexactly(len(word))
        seconds = round(asyncio.get_running_loop().time() - start)
        print(f"{seconds:2} s  {name} hears: {heard.decode()}")
    writer.close()


async def main():
    global start
    start = asyncio.get_running_loop().time()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(
        passenger("A", 4, address), passenger("B", 5, address), passenger("C", 7, address)
    )


asyncio.run(main())
# ANCHOR_END: main
