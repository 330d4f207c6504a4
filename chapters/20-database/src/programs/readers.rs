//! Two readers for three queries: the third waits for its turn. And where the time to wait is over, it says so.
//!
//! twin: none, Python's library has no pool of connections

use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, Error, Rows, in_a_folder};
use taxi::stream::StreamExt;
use trace::say;

// ANCHOR: main
const NUMBERS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT i FROM n";

/// A query that is under way, and keeps its reader until it is dropped.
async fn begin(database: &Database) -> Result<Rows<(i64,)>, Error> {
    let mut rows = database.rows(NUMBERS, (), 1).await?;
    let _first = rows.next().await.transpose()?;
    Ok(rows)
}

async fn office(path: String) -> Result<(), Error> {
    let open = Database::at(path).readers(2);
    let database = open.wait(Duration::from_millis(50)).open().await?;
    let (first, second) = (begin(&database).await?, begin(&database).await?);
    say!("two queries are under way");
    match begin(&database).await {
        Ok(_) => say!("so is a third"),
        Err(error) => say!("a third: {error}"),
    }
    drop(first);
    let _third = begin(&database).await?;
    say!("one is over, and a third has begun");
    // Who writes has another thread.
    database.batch("CREATE TABLE rides (id)").await?;
    say!("somebody has written meanwhile");
    drop(second);
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
