"""A server that ends well: it accepts nobody new, waits for those under way, and cuts off the rest."""

import asyncio


# ANCHOR: main
async def ride(reader, writer):
    tasks.add(asyncio.current_task())
    try:
        seconds = int(await reader.readline())
        await asyncio.sleep(seconds)
        writer.write(b"here we are\n")
    except asyncio.CancelledError:
        pass  # cut off; Python 3.11 would log it
    finally:
        writer.close()


async def passenger(name, seconds, address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{seconds}\n".encode())
    line = await reader.readline()
    print(f"{now():2} s  {name} hears: {line.decode().rstrip() or 'the end'}")
    writer.close()


async def main():
    server = await asyncio.start_server(ride, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    who = (("A", 2), ("B", 5), ("C", 60))
    passengers = [asyncio.create_task(passenger(*each, address)) for each in who]
    await asyncio.sleep(3)
    print(f"{now():2} s  the office closes")
    server.close()
    await asyncio.sleep(1)
    try:
        await asyncio.open_connection(*address)
    except ConnectionRefusedError:
        print(f"{now():2} s  D is refused")
    # There is no call for this: whoever wants to wait keeps a list of the handlers.
    done, left = await asyncio.wait(tasks, timeout=10)
    for task in left:
        task.cancel()
    print(f"{now():2} s  {len(left)} was cut off")
    await asyncio.wait(passengers)


def now():
    return round(asyncio.get_running_loop().time())


tasks = set()
# ANCHOR_END: main
asyncio.run(main())
