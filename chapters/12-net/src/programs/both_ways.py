"""One socket, two tasks: one reads, one writes, and neither waits for the other."""

import asyncio


# ANCHOR: main
async def drive(reader, writer):
    async def tell_the_fare():
        fare = 0
        while True:
            await asyncio.sleep(2)
            fare += 3
            writer.write(f"{fare} so far".encode())

    meter = asyncio.create_task(tell_the_fare())
    while words := await reader.read(100):
        print(f"{now()} s  driver hears: {words.decode()}")
    meter.cancel()
    print(f"{now()} s  driver: the ride is over")
    writer.close()


async def main():
    server = await asyncio.start_server(drive, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

    async def hear():
        while words := await reader.read(100):
            print(f"{now()} s  passenger hears: {words.decode()}")

    hearing = asyncio.create_task(hear())
    for wait, word in ((1, "to the station"), (4, "faster, please"), (2, "stop here")):
        await asyncio.sleep(wait)
        writer.write(word.encode())
    writer.write_eof()
    await hearing
    writer.close()
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
