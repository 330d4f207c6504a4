"""A server that is asked to end by SIGTERM: it accepts nobody any more, lets those under way finish within a limit, and
cuts the rest off."""

import asyncio
import os
import signal


def now():
    return round(asyncio.get_running_loop().time())


# ANCHOR: main
rides = set()


async def ride(reader, writer):
    rides.add(asyncio.current_task())
    try:
        seconds = int((await reader.readline()).decode() or 0)
        await asyncio.sleep(seconds)
        writer.write(b"we are there\n")
        await writer.drain()
    except asyncio.CancelledError:
        pass  # cut off; asyncio would report it as an error
    finally:
        rides.discard(asyncio.current_task())
        writer.close()


async def serve(server, limit):
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    await asked.wait()
    print(f"{now()} s  asked to end; rides: {len(rides)}")
    server.close()
    _, late = await asyncio.wait(set(rides), timeout=limit)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    print(f"{now()} s  the end; cut off: {len(late)}")
# ANCHOR_END: main


async def customer(name, seconds, address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{seconds}\n".encode())
    told = (await reader.readline()).decode().strip()
    print(f"{now()} s  {name} hears: {told or 'the line is dead'}")
    writer.close()


async def main():
    server = await asyncio.start_server(ride, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    serving = asyncio.create_task(serve(server, 10))
    customers = [asyncio.create_task(customer(*it, address)) for it in [("A", 2), ("B", 8), ("C", 60)]]
    asyncio.get_running_loop().call_later(5, os.kill, os.getpid(), signal.SIGTERM)
    await asyncio.sleep(6)
    try:
        await asyncio.open_connection(*address)
        taken = True
    except OSError:
        taken = False
    print(f"{now()} s  D is taken: {str(taken).lower()}")
    await asyncio.gather(*customers)
    await serving


asyncio.run(main())
