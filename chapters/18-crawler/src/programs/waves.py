"""Five pages, at most three at once, in the order in which they come."""

import asyncio


# ANCHOR: main
async def slow(reader, writer):
    global now_asked, most
    request = await reader.readuntil(b"\r\n\r\n")
    path = request.split()[1].decode()
    now_asked += 1
    most = max(most, now_asked)
    await asyncio.sleep(int(path[1:]))
    now_asked -= 1
    writer.write(f"HTTP/1.1 200 OK\r\n\r\npage {path}".encode())
    writer.close()


async def download(address, three, path):
    async with three:
        print(f"{now()} s  asks for {path}")
        reader, writer = await asyncio.open_connection(*address)
        writer.write(f"GET {path} HTTP/1.1\r\nhost: taxi\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer.decode().split("\r\n\r\n")[1]


async def main():
    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    three = asyncio.Semaphore(3)
    downloads = [download(address, three, f"/{seconds}") for seconds in (3, 1, 2, 4, 6)]
    tasks = [asyncio.create_task(each) for each in downloads]
    for page in asyncio.as_completed(tasks):
        text = await page
        print(f"{now()} s  {text}")
    print(f"at most {most} at once")
    server.close()


def now():
    return round(asyncio.get_running_loop().time())


now_asked = most = 0
# ANCHOR_END: main
asyncio.run(main())
