//! A query on the loop's own thread: nobody else gets a turn until it is over.
//!
//! twin: none, it would be the same

use std::cell::Cell;
use std::rc::Rc;

use chapter::{Args, BadInput};
use database::{Database, Error};
use rusqlite::Connection;
use taxi::{spawn, yield_now};
use trace::say;

/// It takes some hundred milliseconds.
const LONG: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500000)
    SELECT sum(i) FROM n";

async fn office() -> Result<(), Error> {
    let turns = Rc::new(Cell::new(0));
    let clock = Rc::clone(&turns);
    let ticks = spawn(async move {
        loop {
            clock.set(clock.get() + 1);
            yield_now().await;
        }
    });
    yield_now().await;

    // ANCHOR: main
    let before = turns.get();
    let connection = Connection::open_in_memory()?;
    let sum: i64 = connection.query_row(LONG, (), |row| row.get(0))?;
    say!(
        "{sum}; the clock has ticked meanwhile: {}",
        turns.get() > before
    );

    let before = turns.get();
    let database = Database::in_memory().open().await?;
    let (sum,) = database.query::<(i64,)>(LONG, ()).await?[0];
    say!(
        "{sum}; the clock has ticked meanwhile: {}",
        turns.get() > before
    );
    // ANCHOR_END: main
    ticks.abort();
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let ended = taxi::run(office());
    let ended = ended.map_err(|error| BadInput::new(error.to_string()))?;
    ended.map_err(|error| BadInput::new(error.to_string()))
}
