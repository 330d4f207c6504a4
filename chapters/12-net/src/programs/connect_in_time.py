"""A connection with a limit: where nobody answers the telephone, we hang up."""

import asyncio
import socket


# ANCHOR: main
async def main():
    with socket.socket() as office:
        office.bind(("127.0.0.1", 0))
        office.listen(0)
        address = office.getsockname()
        # Nobody accepts: a few stand in the queue, and then it is full.
        lines = []
        try:
            while True:
                _, writer = await asyncio.wait_for(asyncio.open_connection(*address), 3)
                lines.append(writer)
        except TimeoutError:
            print(f"{now()} s  after 3 s without an answer: timed out")
        # One is picked up: there is room for the next.
        office.accept()[0].close()
        _, writer = await asyncio.wait_for(asyncio.open_connection(*address), 3)
        print(f"{now()} s  connected")
        for writer in (*lines, writer):
            writer.close()


def now():
    return round(asyncio.get_running_loop().time())
# ANCHOR_END: main


asyncio.run(main())
