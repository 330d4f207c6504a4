"""Ten clients upload a picture each, in ten rounds; then the report. The server needs what ours does."""

import asyncio
import itertools
import math

PICTURE = bytes(256 * 1024)
MB = 1024 * 1024


# ANCHOR: server
async def read_message(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length:")[1].split()[0])
    return await reader.readexactly(length)


async def serve(uploads, reader, writer):
    try:
        while True:
            await read_message(reader)
            number = next(uploads)
            await asyncio.sleep(0.01 * (number // 10 + 1) * (number % 10 + 1))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nthank you\n")
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()
# ANCHOR_END: server


# ANCHOR: main
async def upload(connection):
    reader, writer = connection
    begin = now()
    head = f"POST /picture HTTP/1.1\r\nhost: a\r\ncontent-length: {len(PICTURE)}\r\n\r\n"
    writer.write(head.encode() + PICTURE)
    await writer.drain()
    await read_message(reader)
    return now() - begin


async def main():
    uploads = itertools.count()
    server = await asyncio.start_server(lambda r, w: serve(uploads, r, w), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    connections = [await asyncio.open_connection(*address) for _ in range(10)]
    latencies, total = [], 0
    for number in range(1, 11):
        if number > 1:
            await asyncio.sleep(3)
        begin = now()
        times = await asyncio.gather(*map(upload, connections))
        spent = now() - begin
        tell(number, sorted(times), spent)
        latencies += times
        total += spent
    print("\nin all ten rounds:")
    report(sorted(latencies), total)
    await close(server, connections)
# ANCHOR_END: main


async def close(server, connections):
    for _reader, writer in connections:
        writer.close()
    server.close()
    await asyncio.sleep(1)  # until the server's side has seen it


# ANCHOR: report
def tell(number, times, spent):
    mean = sum(times) / len(times)
    print(
        f"round {number:>2}: max {short(times[-1])}, min {short(times[0])}, "
        f"p90 {short(quantile(times, 0.9))}, mean {short(mean)}, "
        f"{figures(len(times) / spent)}/s"
    )


def report(times, spent):
    sent, received = (len(times) * length for length in (len(PICTURE), 10))
    lines = {
        "clients": 10,
        "requests": len(times),
        "  status 200": len(times),
        "in all": short(spent),
        "answers/s": figures(len(times) / spent),
        "sent": f"{size(sent)}, {size(sent / spent)}/s",
        "received": f"{size(received)}, {size(received / spent)}/s",
        "max": short(times[-1]),
        "min": short(times[0]),
        "mean": short(sum(times) / len(times)),
    }
    for part in (50, 90, 99, 99.9):
        lines[f"p{part}"] = short(quantile(times, part / 100))
    for name, value in lines.items():
        print(f"{name:<18} {value}")
# ANCHOR_END: report


def quantile(times, part):
    return times[math.ceil(round(part * len(times), 6)) - 1]


def figures(number):
    text = f"{number:.{0 if number >= 99.95 else 1 if number >= 9.995 else 2}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def size(length):
    return f"{figures(length / MB)} MB" if length >= MB else f"{figures(length)} B"


def short(seconds):
    return f"{figures(seconds)} s" if seconds >= 0.9995 else f"{figures(seconds * 1000)} ms"


def now():
    return round(asyncio.get_running_loop().time(), 6)


asyncio.run(main())
