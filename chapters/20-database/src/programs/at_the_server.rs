//! A query that nobody wants any more is cancelled at the server, and its connection is used again.
//!
//! twin: none, asyncpg is not in Python's library; it does the same
//! needs: postgres

use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Client, Error, Postgres, on_a_server};
use taxi::race;
use taxi::time::{sleep, timeout};
use trace::say;

// ANCHOR: main
/// Waits until so many queries of the kind are under way at the server.
async fn until(office: &Client, wanted: i64) -> Result<(), Error> {
    let count = "
        SELECT count(*) FROM pg_stat_activity
        WHERE state = 'active' AND query = 'SELECT pg_sleep(600)'";
    while office.query_one(count, &[]).await?.get::<_, i64>(0) != wanted {
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

async fn office(url: String) -> Result<(), Error> {
    let pool = Postgres::at(&url)?.connections(2).build();
    let (office, driver) = (pool.get().await?, pool.get().await?);
    let long = async { driver.batch("SELECT pg_sleep(600)").await };
    let patience = until(&office, 1);
    race(long, patience).await?;
    say!("it is under way at the server, and was dropped here");

    let gone = until(&office, 0);
    match timeout(Duration::from_secs(20), gone).await {
        Ok(done) => done?,
        Err(_) => {
            say!("20 s later, the server is still at it");
            return Ok(());
        }
    }
    say!("it is gone at the server");
    let seven = driver.query_one("SELECT 7::INT8", &[]).await?;
    say!("the same connection: {}", seven.get::<_, i64>(0));

    // And a connection that goes back to the pool while a query is under way on it.
    let long = async move { driver.batch("SELECT pg_sleep(600)").await };
    race(long, until(&office, 1)).await?;
    let next = pool.get().await?;
    let seven = next.query_one("SELECT 7::INT8", &[]).await?;
    say!("whoever has it next: {}", seven.get::<_, i64>(0));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    on_a_server(office)
}
