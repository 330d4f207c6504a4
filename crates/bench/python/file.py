"""A file of 4 KiB, read on the pool's threads."""

import asyncio
import tempfile
from pathlib import Path


async def work(size):
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(bytes(4096))
        for _ in range(size):
            total += len(await asyncio.to_thread(file.read_bytes))
    return total
