"""Rows from a real database: a file, a table, two statements, and what it says to a third."""

import asyncio
import os
import sqlite3
import tempfile


# ANCHOR: main
async def office(path):
    def connect():
        # Each call may come from another thread of the pool.
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    database = await asyncio.to_thread(connect)
    try:
        table = "CREATE TABLE rides (id INTEGER PRIMARY KEY, place TEXT, fare INTEGER)"
        await asyncio.to_thread(database.execute, table)
        insert = "INSERT INTO rides (place, fare) VALUES (?1, ?2)"
        for ride in [("the station", 12), ("the airport", 38), ("the zoo", 9)]:
            await asyncio.to_thread(database.execute, insert, ride)

        select = "SELECT id, place FROM rides WHERE fare >= ?1 ORDER BY fare"
        for id, place in await asyncio.to_thread(
            lambda: database.execute(select, (10,)).fetchall()
        ):
            print(f"ride {id}: to {place}")
        try:
            await asyncio.to_thread(database.execute, "INSERT INTO riders VALUES (1)")
        except sqlite3.OperationalError as error:
            print(f"it says: {error}")
    finally:
        await asyncio.to_thread(database.close)
# ANCHOR_END: main


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(office(os.path.join(folder, "rides.db")))
