//! Another process keeps the file locked: whoever writes waits, but not for ever; whoever reads does not wait.
//!
//! twin: none, `sqlite3.connect(timeout=…)` waits in the same way

use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use rusqlite::Connection;
use taxi::spawn_blocking;
use trace::say;

// ANCHOR: main
/// What another process would do: it begins to write, and does not end. Dropping the
/// connection ends it.
fn lock(path: &str) -> rusqlite::Result<Connection> {
    let other = Connection::open(path)?;
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO rides VALUES (1)")?;
    Ok(other)
}

async fn office(path: String) -> Result<(), Error> {
    let open = Database::at(&path).busy(Duration::from_millis(50));
    let database = open.open().await?;
    database.batch("CREATE TABLE rides (id)").await?;

    let other = spawn_blocking(move || lock(&path)).await;
    let other = other.map_err(Error::Lost)??;
    let rides = database.query::<(i64,)>("SELECT id FROM rides", ()).await?;
    say!("a reader: {} rides", rides.len());
    let insert = "INSERT INTO rides VALUES (2)";
    if let Err(error) = database.execute(insert, ()).await {
        say!("a writer: {error}; busy: {}", error.is_busy());
    }
    // The other one goes away, and what it had not committed with it.
    let gone = spawn_blocking(move || drop(other)).await;
    gone.map_err(Error::Lost)?;
    say!("a writer: {} ride", database.execute(insert, ()).await?);
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
