"""A chat: lines that one guest says are heard by all others."""

import asyncio


# ANCHOR: room
class Room:
    def __init__(self):
        self.guests = {}  # a queue of lines for each, by name

    def tell(self, line, but=None):
        """Says a line to everybody, and waits for nobody."""
        for name, lines in list(self.guests.items()):
            if name != but:
                try:
                    lines.put_nowait(line)
                except asyncio.QueueFull:
                    lines.too_slow.set()
# ANCHOR_END: room


# ANCHOR: talk
async def ask_name(room, reader, writer):
    question = "your name?"
    while True:
        writer.write(f"{question}\n".encode())
        line = await reader.readline()
        if not line:
            return None
        name = line.decode().strip()
        if name in room.guests:
            question = f"{name} is taken; another?"
        elif name:
            return name


async def write_lines(lines, writer):
    while True:
        line = await lines.get()
        writer.write(f"{line}\n".encode())
        await writer.drain()


async def read_lines(room, name, reader):
    while line := await reader.readline():
        room.tell(f"{name}: {line.decode().strip()}", but=name)
# ANCHOR_END: talk


# ANCHOR: serve
async def serve(room, reader, writer):
    name = await ask_name(room, reader, writer)
    if name:
        lines = room.guests[name] = asyncio.Queue(16)
        lines.too_slow = asyncio.Event()
        room.tell(f"* {name} is here")
        parts = [
            asyncio.create_task(read_lines(room, name, reader)),
            asyncio.create_task(write_lines(lines, writer)),
            asyncio.create_task(lines.too_slow.wait()),
        ]
        # Whatever ends first: she leaves, cannot be reached, or is too slow.
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts:
            part.cancel()
        del room.guests[name]
        room.tell(f"* {name} is gone")
    writer.close()
# ANCHOR_END: serve


# ANCHOR: guest
async def guest(name, script, address):
    screen = []

    async def look():
        while line := await reader.readline():
            screen.append(f"{now():2} s  {line.decode().rstrip()}")

    for when, word in script:
        await asyncio.sleep(when - now())
        if word == "call":
            reader, writer = await asyncio.open_connection(*address)
            looking = asyncio.create_task(look())
        else:
            writer.write(f"{word}\n".encode())
    await asyncio.sleep(1)
    writer.write_eof()
    await looking
    writer.close()
    return name, screen


async def main():
    room = Room()
    server = await asyncio.start_server(lambda r, w: serve(room, r, w), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    ann = [(0, "call"), (1, "ann"), (5, "is it busy tonight?"), (9, "sleep well")]
    bob = [(2, "call"), (3, "bob"), (6, "I had two trips")]
    eve = [(4, "call"), (7, "bob"), (8, "eve"), (11, "anybody there?")]
    screens = await asyncio.gather(
        guest("ann", ann, address), guest("bob", bob, address), guest("eve", eve, address)
    )
    for name, screen in screens:
        print(f"what {name} sees")
        for line in screen:
            print(line)
    server.close()
# ANCHOR_END: guest


def now():
    return round(asyncio.get_running_loop().time())


if __name__ == "__main__":
    asyncio.run(main())
