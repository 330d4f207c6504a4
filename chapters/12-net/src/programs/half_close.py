"""Half a close by streams: everything was said, and the answer is still to come."""

import asyncio


# ANCHOR: main
async def add_up(reader, writer):
    total = 0
    while line := await reader.readline():
        total += int(line)
    await asyncio.sleep(2)
    writer.write(f"{total}\n".encode())
    writer.close()


async def main():
    server = await asyncio.start_server(add_up, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for fare in (20, 15, 7):
        writer.write(f"{fare}\n".encode())
    writer.write_eof()
    print(f"{now()} s  three fares are sent, and the end")
    answer = await reader.readline()
    print(f"{now()} s  the office answers: {answer.decode().rstrip()}")
    if not await reader.readline():
        print(f"{now()} s  and hangs up")
    writer.close()
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
