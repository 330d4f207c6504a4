"""A server that takes its time."""

import asyncio


# ANCHOR: main
async def answer(reader, writer):
    seconds = await reader.readexactly(1)
    await asyncio.sleep(seconds[0])
    writer.write(seconds)
    writer.close()


async def ask(name, seconds, address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(bytes([seconds]))
    await reader.readexactly(1)
    print(f"{now():2} s  {name} has an answer")
    writer.close()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(ask("A", 2, address), ask("B", 3, address), ask("C", 1, address))
    await asyncio.sleep(10)
    print(f"{now():2} s  nobody has called for 10 s")


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
