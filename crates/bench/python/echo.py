"""A TCP echo by transports and protocols, as a server of asyncio's is written for speed."""

import asyncio
import subprocess

LENGTH = 64


class Echo(asyncio.Protocol):
    def __init__(self, count):
        self.count = count

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)
        self.count.bytes += len(data)

    def connection_lost(self, _):
        self.count.open -= 1
        if self.count.open == 0:
            self.count.done.set_result(None)


class Count:
    def __init__(self, connections):
        self.bytes = 0
        self.open = connections
        self.done = asyncio.get_running_loop().create_future()


async def serve(connections, requests, callers):
    count = Count(connections)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Echo(count), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    rounds = -(-requests // connections)
    process = subprocess.Popen([callers, "echo", f"{host}:{port}", str(connections), str(rounds)])
    await count.done
    server.close()
    if process.wait() != 0:
        raise SystemExit("the callers are not content")
    return count.bytes // LENGTH
