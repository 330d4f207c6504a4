//! The server is stopped and started again: what was under way fails, and the pool connects anew.
//!
//! twin: none, asyncpg is not in Python's library
//! needs: postgres

use chapter::{Args, BadInput};
use database::{Error, Postgres, Private};
use taxi::spawn_blocking;
use trace::say;

// ANCHOR: main
async fn office(mut server: Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(1).build();
    let client = pool.get().await?;
    client.batch("CREATE TABLE rides (id INT8)").await?;
    client.batch("INSERT INTO rides VALUES (7)").await?;
    say!("ride 7 is in the table");

    let stopped = spawn_blocking(move || {
        server.stop();
        server
    });
    server = stopped.await.map_err(Error::Lost)?;
    let lost = client.query("SELECT id FROM rides", &[]).await;
    say!("stopped; a query fails: {}", lost.is_err());
    drop(client);
    if let Err(Error::Connect(error)) = pool.get().await {
        say!("a connection: {}", error.kind());
    }

    let started = spawn_blocking(move || server.restart().map(|()| server));
    let _server = started
        .await
        .map_err(Error::Lost)?
        .map_err(Error::Connect)?;
    let client = pool.get().await?;
    let ride = client.query_one("SELECT id FROM rides", &[]).await?;
    say!("started; in the table: ride {}", ride.get::<_, i64>(0));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let server = Private::start().map_err(|error| BadInput::new(error.to_string()))?;
    let ended = taxi::run(office(server));
    let ended = ended.map_err(|error| BadInput::new(error.to_string()))?;
    ended.map_err(|error| BadInput::new(error.to_string()))
}
