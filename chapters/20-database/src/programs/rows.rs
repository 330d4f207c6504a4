//! Rows from a real database: a file, a table, two statements, and what it says to a third.
//!
//! rows: P36
//! twin: same

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use trace::say;

// ANCHOR: main
async fn office(path: &str) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    let table = "CREATE TABLE rides (id INTEGER PRIMARY KEY, place TEXT, fare INTEGER)";
    database.batch(table).await?;
    let insert = "INSERT INTO rides (place, fare) VALUES (?1, ?2)";
    for (place, fare) in [("the station", 12), ("the airport", 38), ("the zoo", 9)] {
        database.execute(insert, (place, fare)).await?;
    }

    let select = "SELECT id, place FROM rides WHERE fare >= ?1 ORDER BY fare";
    let rides: Vec<(i64, String)> = database.query(select, (10,)).await?;
    for (id, place) in rides {
        say!("ride {id}: to {place}");
    }
    let failed = database.execute("INSERT INTO riders VALUES (1)", ()).await;
    if let Err(error) = failed {
        let said = error.to_string();
        say!("it says: {}", said.split(" in ").next().unwrap_or_default());
    }
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(async |path| office(&path).await)
}
