"""The article's fifteen pages at once: they come as its readers saw them."""

import asyncio

from one_by_one import PAGES, download_one, serve


# ANCHOR: main
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(*(download_one(address, path) for path in PAGES))
    now = asyncio.get_running_loop().time()
    print(f"Download {len(PAGES)} sites in {now:g}s")
    server.close()
# ANCHOR_END: main


asyncio.run(main())
