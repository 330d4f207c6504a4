"""Files: written, read, and gone through line by line, on threads of the pool."""

import asyncio
import os
import tempfile
from pathlib import Path


# ANCHOR: main
async def ledger(path):
    with await asyncio.to_thread(open, path, "w", newline="") as file:
        for fare in ["A 12\n", "B 7\n", "A 30\n"]:
            await asyncio.to_thread(file.write, fare)

    text = await asyncio.to_thread(path.read_text)
    print(f"{len(text)} bytes are in the ledger")

    with await asyncio.to_thread(open, path) as file:
        while line := await asyncio.to_thread(file.readline):
            print(f"a line: {line.rstrip()}")

    try:
        old = await asyncio.to_thread(path.with_suffix(".old").read_bytes)
        print(f"last year's: {len(old)} bytes")
    except FileNotFoundError:
        print("last year's: there is no such file")
    await asyncio.to_thread(path.unlink)
# ANCHOR_END: main


asyncio.run(ledger(Path(tempfile.gettempdir(), f"ledger-{os.getpid()}-py.txt")))
