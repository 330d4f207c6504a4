//! A transaction as a scope.

use std::fmt;

use rusqlite::{Connection, Params};
use taxi::net::located;
use taxi::stream::{Context, Ended, with};
use taxi::sync::Guard;

use super::worker::Worker;
use super::{Inner, Record, all};
use crate::Error;

/// A transaction that is open; what the body of [`transaction`](super::Database::transaction) is given.
///
/// ```
/// use database::{Database, Error, Transaction};
///
/// async fn pay(till: &Transaction<'_>, sum: i64) -> Result<(), Error> {
///     till.execute("INSERT INTO payments VALUES (?1)", (sum,)).await.map(drop)
/// }
///
/// taxi::run(async {
///     let database = Database::in_memory().open().await?;
///     database.batch("CREATE TABLE payments (sum INTEGER)").await?;
///     database.transaction(async |till| {
///         pay(till, 20).await?;
///         pay(till, 22).await?;
///         let all = till.query::<(i64,)>("SELECT count(*) FROM payments", ()).await?;
///         let changes = till.run(|connection| Ok(connection.total_changes())).await?;
///         assert_eq!((all[0].0, changes), (2, 2));
///         Ok::<(), Error>(())
///     }).await?;
///     assert_eq!(database.query::<(i64,)>("SELECT sum(sum) FROM payments", ()).await?, [(42,)]);
///     Ok::<(), Error>(())
/// })??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: transaction
pub struct Transaction<'d> {
    worker: &'d Worker,
    /// How many it is inside of.
    level: u32,
    /// Whether it is still to be ended.
    open: bool,
    /// The outermost has the turn, until all is said to the thread.
    _turn: Option<Guard<'d, ()>>,
}
// ANCHOR_END: transaction

// ANCHOR: begin
/// What is still to be begun.
pub(super) struct Begin<'d> {
    worker: &'d Worker,
    level: u32,
    /// Where the turn is had, by the outermost.
    inner: Option<&'d Inner>,
}

impl<'d, E: From<Error>> Context<E> for Begin<'d> {
    type Value = Transaction<'d>;

    async fn enter(self) -> Result<Transaction<'d>, E> {
        let turn = match self.inner {
            Some(inner) => Some(inner.turn().await?),
            None => None,
        };
        // From here on dropping it undoes what there is.
        let transaction = Transaction {
            worker: self.worker,
            level: self.level,
            open: true,
            _turn: turn,
        };
        transaction.begin().await?;
        Ok(transaction)
    }
    // ANCHOR_END: begin

    // ANCHOR: exit
    async fn exit(
        mut transaction: Transaction<'d>,
        ended: Ended<'_, E>,
    ) -> Result<(), E> {
        // hole: exit — commit what has finished, roll back whatever else has happened
        // tried by: transaction, five-ends
        // also: database
        match ended {
            Ended::Finished => transaction.commit().await?,
            Ended::Failed(_) | Ended::Cancelled | Ended::Panicked => {
                transaction.roll_back().await?;
            }
        }
        transaction.open = false;
        Ok(())
        // end hole
    }
    // ANCHOR_END: exit
}

impl<'d> Begin<'d> {
    pub(super) fn outermost(inner: &'d Inner) -> Begin<'d> {
        Begin {
            worker: &inner.writer,
            level: 0,
            inner: Some(inner),
        }
    }
}

impl<'d> Transaction<'d> {
    /// Executes one statement; how many rows it has changed.
    ///
    /// # Errors
    ///
    /// What SQLite says, and [`Error::RolledBack`] if that has ended the transaction before.
    #[track_caller]
    pub fn execute<P: Params + Send + 'static>(
        &self,
        sql: &str,
        params: P,
    ) -> impl Future<Output = Result<usize, Error>> {
        let sql = sql.to_string();
        let call = self.call(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.execute(params)?)
        });
        located("execute", call)
    }

    /// All rows that `sql` finds, also among what was changed in this transaction.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Transaction::execute).
    #[track_caller]
    pub fn query<T: Record>(
        &self,
        sql: &str,
        params: impl Params + Send + 'static,
    ) -> impl Future<Output = Result<Vec<T>, Error>> {
        located("query", self.call(all(sql.to_string(), params)))
    }

    /// Has the thread do `work` with the connection itself, as [`Database::run`](super::Database::run) does.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Transaction::execute).
    #[track_caller]
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> {
        located("run", self.call(move |connection| Ok(work(connection)?)))
    }

    /// A transaction inside this one: if its body fails, what that has done is undone, and this one goes on. It is a
    /// savepoint.
    ///
    /// ```
    /// use database::{Database, Error};
    ///
    /// taxi::run(async {
    ///     let database = Database::in_memory().open().await?;
    ///     database.batch("CREATE TABLE rides (id INTEGER PRIMARY KEY)").await?;
    ///     database.transaction(async |day| {
    ///         day.execute("INSERT INTO rides VALUES (1)", ()).await?;
    ///         let twice = day.transaction(async |night| {
    ///             night.execute("INSERT INTO rides VALUES (2)", ()).await?;
    ///             night.execute("INSERT INTO rides VALUES (1)", ()).await
    ///         });
    ///         assert!(twice.await.is_err());
    ///         day.execute("INSERT INTO rides VALUES (3)", ()).await
    ///     }).await?;
    ///     let rides: Vec<(i64,)> = database.query("SELECT id FROM rides", ()).await?;
    ///     assert_eq!(rides, [(1,), (3,)]);
    ///     Ok::<(), Error>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the body fails with, and what SQLite says to its beginning or its end.
    #[track_caller]
    pub fn transaction<'t, T, E: From<Error>>(
        &'t mut self,
        body: impl AsyncFnOnce(&mut Transaction<'t>) -> Result<T, E>,
    ) -> impl Future<Output = Result<T, E>> {
        let begin = Begin {
            worker: self.worker,
            level: self.level + 1,
            inner: None,
        };
        located("transaction", with(begin, body))
    }

    // ANCHOR: call
    /// Has the thread do `work`, if the transaction is still there.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let call = self.worker.call(move |connection| {
            if connection.is_autocommit() {
                // What came now would be committed by itself.
                return Err(Error::RolledBack);
            }
            work(connection)
        });
        call.await
    }
    // ANCHOR_END: call

    async fn begin(&self) -> Result<(), Error> {
        let level = self.level;
        let call = self.worker.call(move |connection| {
            let begin = match level {
                0 => {
                    super::close_what_is_open(connection);
                    // It locks the file now, so that no statement of it finds that too late.
                    "BEGIN IMMEDIATE".to_string()
                }
                _ => format!("SAVEPOINT level_{level}"),
            };
            Ok(connection.execute_batch(&begin)?)
        });
        call.await
    }

    async fn commit(&self) -> Result<(), Error> {
        let commit = match self.level {
            0 => "COMMIT".to_string(),
            level => format!("RELEASE level_{level}"),
        };
        let call = self.call(move |connection| Ok(connection.execute_batch(&commit)?));
        call.await
    }

    async fn roll_back(&self) -> Result<(), Error> {
        let level = self.level;
        let call = self.worker.call(move |connection| {
            undo(connection, level);
            Ok(())
        });
        call.await
    }
}

/// On the thread: undoes what was done since this level began, if it is still open.
fn undo(connection: &Connection, level: u32) {
    if level == 0 {
        super::close_what_is_open(connection);
    } else {
        let undo = format!("ROLLBACK TO level_{level}; RELEASE level_{level}");
        // If there is none, all of it was rolled back.
        let _undone = connection.execute_batch(&undo);
    }
}

// ANCHOR: drop
impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // hole: left — nobody has ended it, and nobody can wait here: let it be undone before anything else is done
        // tried by: five-ends
        // also: database
        if self.open {
            let level = self.level;
            self.worker.queue(move |connection| undo(connection, level));
        }
        // end hole
    }
}
// ANCHOR_END: drop

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction, level {}", self.level)
    }
}
