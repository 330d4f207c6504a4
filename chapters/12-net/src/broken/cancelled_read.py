"""A read that keeps what it has read in a local variable: when it is cancelled half-way, those bytes are gone."""

import asyncio


# ANCHOR: main
async def read_exactly(reader, wanted):
    got = b""
    while len(got) < wanted:
        more = await reader.read(wanted - len(got))
        if not more:
            raise EOFError("unexpected end of file")
        got += more
    return got.decode()


async def listen(reader, writer):
    while True:
        try:
            words = await asyncio.wait_for(read_exactly(reader, 14), 2)
            print(f'{now()} s  heard: "{words}"')
        except TimeoutError:
            print(f"{now()} s  the taxi waits")
        except EOFError as error:
            print(f"{now()} s  {error}")
            break
    writer.close()
    ended.set()


async def main():
    global ended
    ended = asyncio.Event()
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in (b"a taxi,", b" please"):
        await asyncio.sleep(1.5)
        writer.write(piece)
    await asyncio.sleep(2)
    writer.close()
    await ended.wait()
    server.close()
# ANCHOR_END: main


def now():
    return int(asyncio.get_running_loop().time())


asyncio.run(main())
