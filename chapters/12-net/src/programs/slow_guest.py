"""The same chat with a guest who has fallen asleep: she is cut off, and nobody else waits for her."""

import asyncio

from chat import Room, serve


# ANCHOR: main
LINES = 200


async def enter(address, name):
    reader, writer = await asyncio.open_connection(*address)
    await reader.readline()
    writer.write(f"{name}\n".encode())
    await reader.readline()
    return reader, writer


async def talk(writer):
    for _ in range(LINES):
        await asyncio.sleep(1)
        writer.write(b"bla " * 15_000 + b"\n")
        await writer.drain()


async def main():
    room = Room()
    server = await asyncio.start_server(lambda r, w: serve(room, r, w), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    _, anns = await enter(address, "ann")
    bob, bobs = await enter(address, "bob")
    eve, eves = await enter(address, "eve")
    eves.transport.pause_reading()
    talking = asyncio.create_task(talk(anns))

    heard, eve_went = 0, False
    while heard < LINES:
        line = await bob.readline()
        heard += line.startswith(b"ann: ")
        eve_went |= line == b"* eve is gone\n"
    assert eve_went
    print(f"bob has heard {heard} lines of ann's, and that eve is gone")
    eves.transport.resume_reading()
    hers = 0
    while await eve.readline():
        hers += 1
    assert hers < LINES
    print("eve wakes up, and hears fewer")
    await talking
    for writer in (anns, bobs, eves):
        writer.close()
    await asyncio.sleep(1)
    server.close()
# ANCHOR_END: main


asyncio.run(main())
