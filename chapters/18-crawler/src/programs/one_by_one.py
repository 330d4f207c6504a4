"""The article's fifteen pages, one after another."""

import asyncio

PAGES = {
    "/wiki/Portal:Arts": (25203, 5),
    "/wiki/Portal:History": (36312, 4),
    "/wiki/Portal:Society": (31461, 2),
    "/wiki/Portal:Biography": (23965, 3),
    "/wiki/Portal:Mathematics": (28749, 7),
    "/wiki/Portal:Technology": (29587, 8),
    "/wiki/Portal:Geography": (30298, 10),
    "/wiki/Portal:Science": (22318, 13),
    "/wiki/Computer_science": (67028, 15),
    "/wiki/Python_(programming_language)": (73914, 11),
    "/wiki/Java_(programming_language)": (63153, 1),
    "/wiki/PHP": (79318, 9),
    "/wiki/Node.js": (36800, 14),
    "/wiki/The_C_Programming_Language": (15160, 6),
    "/wiki/Go_(programming_language)": (62218, 12),
}


# ANCHOR: one
async def serve(reader, writer):
    request = await reader.readuntil(b"\r\n\r\n")
    size, delay = PAGES[request.split()[1].decode()]
    await asyncio.sleep(delay / 10)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"." * size)
    writer.close()


async def download_one(address, path):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: taxi\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    page = answer.split(b"\r\n\r\n", 1)[1]
    print(f"Read {len(page)} from {path}")
# ANCHOR_END: one


# ANCHOR: main
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    for path in PAGES:
        await download_one(address, path)
    now = asyncio.get_running_loop().time()
    print(f"Download 15 sites in {now:g}s")
    server.close()
# ANCHOR_END: main


if __name__ == "__main__":
    asyncio.run(main())
