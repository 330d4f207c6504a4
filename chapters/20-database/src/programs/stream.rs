//! Rows as they are asked for: the thread is a few rows ahead and waits; when the stream is dropped, it stops.
//!
//! twin: none, `fetchmany` in `to_thread` asks for the next rows only when the last were used

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use rusqlite::Row;
use taxi::stream::StreamExt;
use taxi::time::timeout;
use trace::say;

// ANCHOR: main
/// How many rows the thread has read.
static READ: AtomicUsize = AtomicUsize::new(0);

/// A ride, and a note that it was read.
struct Ride(i64);

impl<'r> TryFrom<&'r Row<'r>> for Ride {
    type Error = rusqlite::Error;

    fn try_from(row: &Row<'_>) -> rusqlite::Result<Ride> {
        READ.fetch_add(1, Ordering::Relaxed);
        Ok(Ride(row.get(0)?))
    }
}

const NIGHT: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000)
    SELECT i FROM n";

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(path).readers(1).open().await?;
    let mut rides = database.rows::<Ride>(NIGHT, (), 4).await?;
    for _ in 0..3 {
        if let Some(ride) = rides.next().await {
            say!("ride {}", ride?.0);
        }
    }
    // Three were taken, four wait, and with the next one in its hand the thread waits.
    let patience = timeout(Duration::from_secs(20), async {
        while READ.load(Ordering::Relaxed) < 8 {
            taxi::yield_now().await;
        }
    });
    let _reached = patience.await;
    for _ in 0..1000 {
        taxi::yield_now().await;
    }
    say!("read by the thread: {}", READ.load(Ordering::Relaxed));

    drop(rides);
    // There is one reader: this query runs when that one has stopped.
    let next = database.query::<(i64,)>("SELECT 7", ());
    match timeout(Duration::from_secs(20), next).await {
        Ok(rows) => say!("the next query: {}", rows?[0].0),
        Err(_) => say!("the next query: no thread to run on"),
    }
    say!("read by the thread: {}", READ.load(Ordering::Relaxed));
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
