//! A statement is interrupted in a transaction, and SQLite rolls back all of it: what comes after commits by itself.
//!
//! twin: none, it would be the same

use chapter::{Args, BadInput};
use rusqlite::Connection;
use trace::say;

// ANCHOR: main
fn night(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.execute_batch("CREATE TABLE rides (id); BEGIN")?;
    connection.execute("INSERT INTO rides VALUES (1)", ())?;
    say!("ride 1; in a transaction: {}", !connection.is_autocommit());

    // As if somebody had no patience: after a million steps SQLite is told to stop.
    let mut steps = 0;
    let no_patience = move || {
        steps += 1;
        steps > 1000
    };
    connection.progress_handler(1000, Some(no_patience))?;
    let many = "
        WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n)
        INSERT INTO rides SELECT i FROM n";
    if let Err(error) = connection.execute(many, ()) {
        say!("rides 2 and up: {error}");
    }
    connection.progress_handler(0, None::<fn() -> bool>)?;
    say!("in a transaction: {}", !connection.is_autocommit());

    connection.execute("INSERT INTO rides VALUES (3)", ())?;
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        say!("roll back: {error}");
    }
    // ANCHOR_END: main
    let mut select = connection.prepare("SELECT id FROM rides")?;
    let rides: Vec<i64> = select
        .query_map((), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    say!("in the table: {rides:?}");
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let ended = Connection::open_in_memory().and_then(|mut it| night(&mut it));
    ended.map_err(|error| BadInput::new(error.to_string()))
}
