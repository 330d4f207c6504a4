"""A transfer commits if its body ends well, and is rolled back if that fails or is cancelled."""

import asyncio
import os
import sqlite3
import tempfile

TABLE = """
    CREATE TABLE accounts (name TEXT PRIMARY KEY, money INTEGER CHECK (money >= 0));
    INSERT INTO accounts VALUES ('garage', 100), ('driver', 0)"""


# ANCHOR: transaction
class Database:
    def __init__(self, path):
        self.connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False
        )

    async def do(self, sql, values=()):
        # What was begun on the thread is not stopped if this is cancelled.
        return await asyncio.to_thread(
            lambda: self.connection.execute(sql, values).fetchall()
        )

    async def __aenter__(self):
        await self.do("BEGIN IMMEDIATE")

    async def __aexit__(self, exc_type, exc, traceback):
        await self.do("COMMIT" if exc_type is None else "ROLLBACK")
# ANCHOR_END: transaction


# ANCHOR: main
async def transfer(database, sum, asked, says_yes):
    async with database:
        await database.do(
            "UPDATE accounts SET money = money + ?1 WHERE name = 'driver'", (sum,)
        )
        asked.set()
        await says_yes.wait()
        await database.do(
            "UPDATE accounts SET money = money - ?1 WHERE name = 'garage'", (sum,)
        )


async def tell(database):
    select = "SELECT name, money FROM accounts ORDER BY name"
    for name, money in await database.do(select):
        print(f"  {name}: {money}")


async def main(path):
    database = await asyncio.to_thread(Database, path)
    await asyncio.to_thread(database.connection.executescript, TABLE)
    says_yes = asyncio.Event()
    says_yes.set()
    for sum in [30, 80]:
        print(f"{sum} for the driver")
        try:
            await transfer(database, sum, asyncio.Event(), says_yes)
        except sqlite3.IntegrityError as error:
            print(f"  {error}")
        await tell(database)

    print("20 for the driver, called off")
    asked = asyncio.Event()
    paying = asyncio.create_task(transfer(database, 20, asked, asyncio.Event()))
    await asked.wait()
    paying.cancel()
    try:
        await paying
    except asyncio.CancelledError:
        print("  cancelled")
    await tell(database)
    await asyncio.to_thread(database.connection.close)
# ANCHOR_END: main


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(main(os.path.join(folder, "rides.db")))
