"""Three servers, and four tasks that ask: each server is left alone for two seconds after a request."""

import asyncio
from collections import deque


# ANCHOR: main
class Host:
    def __init__(self):
        self.waiting = deque()
        self.busy = False
        self.free_at = 0


def due():
    """The server that may be asked, or else the one that may be asked first."""
    hosts = [host for host in servers.values() if host.waiting and not host.busy]
    return min(hosts, key=lambda host: host.free_at, default=None)


async def work():
    while any(host.waiting for host in servers.values()):
        host = due()
        if host is None or host.free_at > now():
            # A condition and a timer would be better than to look each second.
            await asyncio.sleep(1)
            continue
        page, host.busy, host.free_at = host.waiting.popleft(), True, now() + 2
        print(f"{now()} s  {page}")
        await asyncio.sleep(5 if page.endswith("/3") else 1)
        host.busy = False


async def main():
    for page in ("ann/1", "ann/2", "ann/3", "ann/4", "bob/1", "bob/2", "eve/1"):
        servers.setdefault(page.split("/")[0], Host()).waiting.append(page)
    await asyncio.gather(*(work() for _ in range(4)))
    print(f"{now()} s  the end")


def now():
    return round(asyncio.get_running_loop().time())


servers = {}
# ANCHOR_END: main
asyncio.run(main())
