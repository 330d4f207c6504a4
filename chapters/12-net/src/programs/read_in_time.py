"""A limit on a read that loses nothing: what has come stays in the reader."""

import asyncio


# ANCHOR: main
async def listen(reader, writer):
    while True:
        try:
            words = await asyncio.wait_for(reader.readexactly(14), 2)
            print(f'{now()} s  heard: "{words.decode()}"')
        except TimeoutError:
            print(f"{now()} s  the taxi waits")
        except asyncio.IncompleteReadError:
            print(f"{now()} s  the end")
            break
    writer.close()
    ended.set()
# ANCHOR_END: main


async def main():
    global ended
    ended = asyncio.Event()
    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in (b"a taxi,", b" please"):
        await asyncio.sleep(1.5)
        writer.write(piece)
    await asyncio.sleep(1)
    writer.close()
    await ended.wait()
    server.close()


def now():
    return int(asyncio.get_running_loop().time())


asyncio.run(main())
