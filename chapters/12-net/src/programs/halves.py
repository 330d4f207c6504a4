"""Two halves of one connection, each in a task of its own; the writing half ends first."""

import asyncio


# ANCHOR: main
async def hear(reader):
    while line := await reader.readline():
        print(f"{now()} s  heard: {line.decode().rstrip()}")
    print(f"{now()} s  heard the end")


async def say_words(writer):
    for word in ("good evening", "a taxi, please"):
        writer.write(f"{word}\n".encode())
        await writer.drain()
        await asyncio.sleep(1)
    writer.write_eof()
    print(f"{now()} s  said everything")


async def slow_echo(reader, writer):
    while line := await reader.readline():
        await asyncio.sleep(3)
        writer.write(line)
    writer.close()


async def main():
    server = await asyncio.start_server(slow_echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await asyncio.gather(hear(reader), say_words(writer))
    writer.close()
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
