"""Two folders under names of their own. What is not in them cannot be had, however it is written.

asyncio serves no files: aiohttp's `add_static` does it. This is the least that does the same. `resolve` follows links and
takes `..` away; what it finds is served only if it is below the folder.
"""

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import unquote

FILES = {
    "secret.txt": "the office's safe: 4711\n",
    "static/css/site.css": "body { color: gold }\n",
    "static/css/night/dark.css": "body { color: black }\n",
    "static/font/taxi.woff2": "wOF2\n",
}
TYPES = {".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
ASKED = [
    "/css/site.css",
    "/font/taxi.woff2",
    "/css/",
    "/font/",
    "/css/none.css",
    "/css/../../secret.txt",
    "/css/%2e%2e/%2e%2e/secret.txt",
    "/css/..%2f..%2fsecret.txt",
]


def find(folders, asked):
    for prefix, (root, listing) in folders.items():
        if asked.startswith(prefix):
            path = (root / unquote(asked.removeprefix(prefix))).resolve()
            if not path.is_relative_to(root) or not path.exists():
                break
            if path.is_file():
                return "200 OK", TYPES[path.suffix], path.read_text()
            if listing:
                names = "".join(f"<li>{it.name}\n" for it in path.iterdir())
                return "200 OK", HTML, f"<!DOCTYPE html>\n<ul>\n{names}</ul>\n"
            return "403 Forbidden", PLAIN, "403 Forbidden\n"
    return "404 Not Found", PLAIN, "404 Not Found\n"


async def serve(folders, reader, writer):
    _, asked, _ = (await reader.readline()).decode().split(" ")
    while (await reader.readline()).strip():
        pass
    status, kind, body = await asyncio.to_thread(find, folders, asked)
    writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}".encode())
    await writer.drain()
    writer.close()


async def main(site):
    static = site.resolve() / "static"
    folders = {"/css/": (static / "css", False), "/font/": (static / "font", True)}
    server = await asyncio.start_server(lambda r, w: serve(folders, r, w), "127.0.0.1", 0)
    for path in ASKED:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head, body = (await reader.read()).decode().split("\r\n\r\n", 1)
        status, kind = head[9:12], head.split("Content-Type: ")[1]
        print(f"{path:<30} {status}  {kind:<25} {body.splitlines()[0]}")
        writer.close()


with tempfile.TemporaryDirectory() as folder:
    for name, text in FILES.items():
        file = Path(folder) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    asyncio.run(main(Path(folder)))
