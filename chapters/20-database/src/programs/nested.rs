//! A transaction inside a transaction: what fails inside is undone, and the outer one goes on.
//!
//! rows: P16
//! twin: none, a savepoint is SQL and the same there

use chapter::{Args, BadInput};
use database::{Database, Error, Transaction, in_a_folder};
use trace::say;

// ANCHOR: main
async fn book(day: &mut Transaction<'_>, ids: [i64; 2]) -> Result<(), Error> {
    let pair = day.transaction(async |pair| {
        for id in ids {
            pair.execute("INSERT INTO rides VALUES (?1)", (id,)).await?;
        }
        Ok(())
    });
    pair.await
}

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    database
        .batch("CREATE TABLE rides (id INTEGER PRIMARY KEY)")
        .await?;
    let day = database.transaction(async |day| {
        for ids in [[1, 2], [3, 1], [4, 5]] {
            match book(day, ids).await {
                Ok(()) => say!("{ids:?} booked"),
                Err(error) => say!("{ids:?} {error}"),
            }
        }
        Ok::<(), Error>(())
    });
    day.await?;
    // ANCHOR_END: main
    let rides: Vec<(i64,)> = database.query("SELECT id FROM rides", ()).await?;
    say!(
        "in the file: {:?}",
        rides.iter().map(|ride| ride.0).collect::<Vec<_>>()
    );
    database.close().await
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
