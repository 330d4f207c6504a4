//! Five ways in which the body of a transaction may end, and what is left of it in the file each time.
//!
//! rows: P16
//! twin: none, in Python a panic would be one more exception, and nothing is dropped half-way

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use rusqlite::Connection;
use taxi::spawn_blocking;
use taxi::sync::Event;
use trace::say;

// ANCHOR: ride
async fn ride(database: Database, how: &str, half: Rc<Event>) -> Result<usize, Error> {
    let body = database.transaction(async |rides| {
        rides
            .execute("INSERT INTO rides VALUES (?1)", (how.to_string(),))
            .await?;
        half.set();
        match how {
            "finishes" => Ok(1),
            "fails" => rides.execute("INSERT INTO riders VALUES (1)", ()).await,
            "panics" => panic!("a flat tyre"),
            _ => std::future::pending().await,
        }
    });
    body.await
}
// ANCHOR_END: ride

// ANCHOR: main
/// What another process would find: a connection that is none of ours. It writes, too,
/// and waits for that until the file is not locked any more.
fn look(path: &str) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(20))?;
    connection.execute("INSERT INTO looks DEFAULT VALUES", ())?;
    let mut select = connection.prepare("SELECT how FROM rides")?;
    select.query_map((), |row| row.get(0))?.collect()
}

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(&path).open().await?;
    let tables = "CREATE TABLE rides (how); CREATE TABLE looks (id INTEGER PRIMARY KEY)";
    database.batch(tables).await?;
    for how in ["finishes", "fails", "is cancelled", "panics", "is dropped"] {
        let half = Rc::new(Event::new());
        let riding = taxi::spawn(ride(database.clone(), how, Rc::clone(&half)));
        half.wait().await;
        match how {
            "is cancelled" => drop(riding.cancel()),
            "is dropped" => riding.abort(),
            _ => {}
        }
        let _ended = riding.await;
        let path = path.clone();
        let found = spawn_blocking(move || look(&path)).await;
        let found = found.map_err(Error::Lost)??;
        say!("one that {how:12}  in the file: {}", found.join(", "));
    }
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    // What panics is told by whoever awaits the task.
    std::panic::set_hook(Box::new(|_| {}));
    in_a_folder(office)
}
