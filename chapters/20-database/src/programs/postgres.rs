//! A server instead of a file: rows, a transaction, an error that was swallowed, and a pool that has no more.
//!
//! rows: P36
//! twin: none, asyncpg is not in Python's library
//! needs: postgres

use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Error, Postgres, on_a_server};
use trace::say;

// ANCHOR: main
const TABLE: &str = "
    DROP TABLE IF EXISTS accounts;
    CREATE TABLE accounts (name TEXT PRIMARY KEY, money INT8 CHECK (money >= 0));
    INSERT INTO accounts VALUES ('driver', 0), ('garage', 100)";

async fn transfer(pool: &Postgres, sum: i64, swallow: bool) -> Result<(), Error> {
    let transferred = pool.transaction(async |accounts| {
        let give = "UPDATE accounts SET money = money + $1 WHERE name = 'driver'";
        accounts.execute(give, &[&sum]).await?;
        let take = "UPDATE accounts SET money = money - $1 WHERE name = 'garage'";
        match accounts.execute(take, &[&sum]).await {
            Err(_) if swallow => Ok(0),
            taken => taken,
        }
    });
    transferred.await.map(drop)
}

async fn office(url: String) -> Result<(), Error> {
    let pool = Postgres::at(&url)?.connections(2).build();
    pool.get().await?.batch(TABLE).await?;
    for (sum, swallow) in [(30, false), (80, false), (80, true)] {
        match transfer(&pool, sum, swallow).await {
            Ok(()) => say!("{sum} for the driver"),
            Err(error) => say!("{sum} for the driver: {error}"),
        }
    }
    let client = pool.get().await?;
    let select = "SELECT name, money FROM accounts ORDER BY name";
    for row in client.query(select, &[]).await? {
        say!("{}: {}", row.get::<_, &str>(0), row.get::<_, i64>(1));
    }

    let hasty = Postgres::at(&url)?.connections(1);
    let hasty = hasty.wait(Duration::from_millis(50)).build();
    let first = hasty.get().await?;
    if let Err(error) = hasty.get().await {
        say!("a second one: {error}");
    }
    drop(first);
    let second = hasty.get().await?;
    let seven = second.query_one("SELECT 7::INT8", &[]).await?;
    say!("and now: {}", seven.get::<_, i64>(0));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    on_a_server(office)
}
