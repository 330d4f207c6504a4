"""Back-pressure: who writes to a guest that does not read waits in drain."""

import asyncio


# ANCHOR: main
async def asleep(reader, writer):
    await asyncio.sleep(10)
    print(f"{now():2} s  the guest wakes up, and reads")
    while await reader.read(65536):
        pass
    writer.close()
    read_all.set()


async def main():
    global read_all
    read_all = asyncio.Event()
    server = await asyncio.start_server(asleep, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.transport.set_write_buffer_limits(high=64 << 10, low=16 << 10)
    writer.write(b"a short word")
    await writer.drain()
    print(f"{now():2} s  12 bytes are drained at once")
    writer.write(bytes(16 << 20))
    assert writer.transport.get_write_buffer_size() > 64 << 10
    print(f"{now():2} s  16 MiB are written, and more than 64 KiB are left")
    await writer.drain()
    assert writer.transport.get_write_buffer_size() <= 16 << 10
    print(f"{now():2} s  drained: no more than 16 KiB are left")
    writer.close()
    await writer.wait_closed()
    await read_all.wait()
    print(f"{now():2} s  closed")
    server.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
