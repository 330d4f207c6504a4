"""A server that may have no more files open: who calls waits in the queue, until another hangs up."""

import asyncio
import os
import resource


# ANCHOR: main
async def serve(reader, writer):
    name = (await reader.readline()).decode().rstrip()
    print(f"{now():4} ms  {name} is served")
    await reader.read()
    writer.close()
    print(f"{now():4} ms  {name} has hung up")
    served.release()


async def call(name, address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{name}\n".encode())
    return writer


async def main():
    global served
    served = asyncio.Semaphore(0)
    # asyncio logs each accept that fails.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    a = await call("A", address)
    await asyncio.sleep(1)
    with one_more_file():
        b = await call("B", address)
        print(f"{now():4} ms  B calls, and no file may be opened any more")
        await asyncio.sleep(2.25)
        a.close()
        await served.acquire()
        await asyncio.sleep(1)
    b.close()
    await served.acquire()
    server.close()


class one_more_file:
    def __enter__(self):
        free = os.dup(0)  # the lowest that is free
        os.close(free)
        self.limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, self.limits[1]))

    def __exit__(self, *_):
        resource.setrlimit(resource.RLIMIT_NOFILE, self.limits)


def now():
    return round(asyncio.get_running_loop().time() * 1000)
# ANCHOR_END: main


asyncio.run(main())
