//! A query without an end is given up, and its thread is free for the next one. And a statement that writes?
//!
//! twin: none, a thread of asyncio's would go on for ever

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use taxi::time::timeout;
use taxi::{race, yield_now};
use trace::say;

// ANCHOR: main
const FOR_EVER: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT sum(i) FROM n";

async fn query(database: &Database) -> Result<(), Error> {
    let sum = database.query::<(i64,)>(FOR_EVER, ());
    if timeout(Duration::from_millis(100), sum).await.is_err() {
        say!("the sum: given up");
    }
    let seven = database.query::<(i64,)>("SELECT 7", ());
    match timeout(Duration::from_secs(20), seven).await {
        Ok(rows) => say!("the next query: {}", rows?[0].0),
        Err(_) => say!("the next query: no thread to run on"),
    }
    Ok(())
}

async fn insert(database: &Database) -> Result<usize, Error> {
    database.batch("CREATE TABLE rides (id INTEGER)").await?;
    let day = database.transaction(async |day| {
        day.execute("INSERT INTO rides VALUES (1)", ()).await?;
        let begun = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&begun);
        let many = day.run(move |connection| {
            tell.store(true, Ordering::Relaxed);
            connection.execute(&format!("INSERT INTO rides {FOR_EVER}"), ())
        });
        // Whatever ends first: the statement, or our patience, when it is under way.
        let patience = async {
            while !begun.load(Ordering::Relaxed) {
                yield_now().await;
            }
            Ok(0)
        };
        say!(
            "the insert: given up after {} rows",
            race(many, patience).await?
        );
        day.execute("INSERT INTO rides VALUES (3)", ()).await
    });
    day.await
}

async fn office(path: String) -> Result<(), Error> {
    // One reader: the next query needs the thread that this one is on.
    let open = Database::at(path).readers(1).wait(Duration::from_secs(20));
    let database = open.open().await?;
    query(&database).await?;
    if let Err(error) = insert(&database).await {
        say!("the next insert: {error}");
    }
    let rides = database.query::<(i64,)>("SELECT id FROM rides", ()).await?;
    say!("rides in the file: {}", rides.len());
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
