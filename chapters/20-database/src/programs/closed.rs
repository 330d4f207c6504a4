//! A database is closed however its scope ends: with a value, with an error, or because the task was cancelled.
//!
//! rows: P36
//! twin: none, `rows.py` has the `finally` that does it there

use std::path::Path;
use std::rc::Rc;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use taxi::stream::with;
use taxi::sync::Event;
use trace::say;

// ANCHOR: main
/// SQLite has a log beside the file, as long as somebody has the database open.
fn is_open(path: &str) -> bool {
    Path::new(&format!("{path}-wal")).exists()
}

/// A query without an end.
const FOR_EVER: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT sum(i) FROM n";

// ANCHOR: fetch
async fn fetch(path: String, how: &str, begun: Rc<Event>) -> Result<(), Error> {
    with(Database::at(&path), async |database| {
        database
            .batch("CREATE TABLE IF NOT EXISTS rides (id)")
            .await?;
        say!("  open: {}", is_open(&path));
        begun.set();
        let query = match how {
            "finishes" => "SELECT 7",
            "fails" => "SELECT id FROM riders",
            _ => FOR_EVER,
        };
        database.query::<(i64,)>(query, ()).await.map(drop)
    })
    .await
}
// ANCHOR_END: fetch

async fn office(path: String) -> Result<(), Error> {
    for how in ["finishes", "fails", "is cancelled"] {
        say!("a query that {how}");
        let begun = Rc::new(Event::new());
        let fetching = taxi::spawn(fetch(path.clone(), how, Rc::clone(&begun)));
        begun.wait().await;
        if how == "is cancelled" {
            fetching.cancel();
        }
        match fetching.await {
            Ok(Ok(())) => say!("  it has finished"),
            Ok(Err(_)) => say!("  it has failed"),
            Err(_) => say!("  it was cancelled"),
        }
        say!("  open: {}", is_open(&path));
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
