"""TLS that meets something else, and what each end is told."""

import asyncio
import os
import ssl


# ANCHOR: told
class Told(asyncio.Protocol):
    """Says what it is told, as far as there is a connection."""

    def __init__(self, name):
        self.name, self.made = name, asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.made.set_result(transport)

    def data_received(self, data):
        print(f"  {self.name}: data_received({len(data)} bytes)")

    def eof_received(self):
        print(f"  {self.name}: eof_received")

    def connection_lost(self, exc):
        reason = exc.reason if isinstance(exc, ssl.SSLError) else exc
        print(f"  {self.name}: connection_lost({reason})")
# ANCHOR_END: told


class Greeter(asyncio.Protocol):
    """A server without TLS, which speaks first."""

    def connection_made(self, transport):
        transport.write(b"220 good evening\r\n")


def context(purpose):
    # Without certificates, so that this needs no files: for a test only.
    context = ssl.SSLContext(purpose)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("AECDH:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


# ANCHOR: main
async def serve(factory, tls):
    server = await loop.create_server(factory, "127.0.0.1", 0, ssl=tls)
    return server.sockets[0].getsockname()


async def two_ends():
    """A connection by TLS, and its transports."""
    server = Told("server")
    address = await serve(lambda: server, context(ssl.PROTOCOL_TLS_SERVER))
    transport, _ = await loop.create_connection(
        lambda: Told("client"), *address, ssl=client
    )
    return transport, await server.made


async def main():
    global loop, client
    loop, client = asyncio.get_running_loop(), context(ssl.PROTOCOL_TLS_CLIENT)

    print("plain text to a TLS port")
    address = await serve(lambda: Told("server"), context(ssl.PROTOCOL_TLS_SERVER))
    transport, _ = await loop.create_connection(lambda: Told("client"), *address)
    transport.write(b"good evening")
    await asyncio.sleep(1)

    print("TLS to a port without it")
    address = await serve(Greeter, None)
    try:
        await loop.create_connection(lambda: Told("client"), *address, ssl=client)
    except ssl.SSLError as error:
        print(f"  client: create_connection fails: {error.reason}")
    await asyncio.sleep(1)

    print("plain text in the middle of TLS")
    near, far = await two_ends()
    os.write(near.get_extra_info("socket").fileno(), b"good evening")
    await asyncio.sleep(1)

    print("the client has closed, and the server still sends")
    near, far = await two_ends()
    far.write(b"good evening")
    near.close()
    await asyncio.sleep(1)

    print("the line is cut")
    near, far = await two_ends()
    far.get_extra_info("socket").shutdown(1)
    await asyncio.sleep(1)
# ANCHOR_END: main


asyncio.run(main())
