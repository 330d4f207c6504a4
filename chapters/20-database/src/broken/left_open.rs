//! A transaction that no scope ends: its task is cancelled half-way, and what others write after that is lost with it.
//!
//! twin: none, it would be the same

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use chapter::{Args, BadInput};
use database::{Error, in_a_folder};
use rusqlite::Connection;
use taxi::spawn_blocking;
use taxi::sync::Event;
use trace::say;

/// One connection for all. Each statement has a thread, and that is all the care taken.
#[derive(Clone)]
struct Naive(Arc<Mutex<Connection>>);

impl Naive {
    async fn execute(&self, sql: &'static str) -> Result<(), Error> {
        let connection = Arc::clone(&self.0);
        let done = spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.execute_batch(sql)
        });
        Ok(done.await.map_err(Error::Lost)??)
    }
}

// ANCHOR: main
async fn pay(database: Naive, half: Rc<Event>) -> Result<(), Error> {
    database.execute("BEGIN").await?;
    database.execute("INSERT INTO payments VALUES (1)").await?;
    half.set();
    // The bank has to say yes.
    std::future::pending::<()>().await;
    database.execute("COMMIT").await
}

async fn office(path: String) -> Result<(), Error> {
    let database = Naive(Arc::new(Mutex::new(Connection::open(&path)?)));
    database.execute("CREATE TABLE payments (id)").await?;
    let half = Rc::new(Event::new());
    let paying = taxi::spawn(pay(database.clone(), Rc::clone(&half)));
    half.wait().await;
    paying.cancel();
    let _ended = paying.await;

    // Somebody else, who has never heard of any transaction.
    database.execute("INSERT INTO payments VALUES (2)").await?;
    say!("somebody else: paid");
    drop(database);
    let payments = "SELECT count(*) FROM payments";
    let count: i64 =
        Connection::open(&path)?.query_row(payments, (), |row| row.get(0))?;
    say!("payments in the file: {count}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
