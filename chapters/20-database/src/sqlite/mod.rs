//! SQLite: a library that blocks, on threads of its own.

mod rows;
mod transaction;
mod worker;

use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use rusqlite::{Connection, Params, Row, params_from_iter};
use taxi::net::located;
use taxi::stream::{Context, Ended, with};
use taxi::sync::Lock;
use taxi::time::timeout;

pub use self::rows::Rows;
use self::transaction::Begin;
pub use self::transaction::Transaction;
use self::worker::{Kind, Worker};
use crate::Error;
use crate::shelf::Shelf;

/// What a row becomes: any tuple of up to sixteen values that SQLite has, such as `(i64, String)`; for one value `(i64,)`.
///
/// ```
/// fn is_a_record<T: database::Record>() {}
/// is_a_record::<(i64, String, Option<f64>)>();
/// ```
pub trait Record:
    for<'r> TryFrom<&'r Row<'r>, Error = rusqlite::Error> + Send + 'static
{
}

impl<T> Record for T where
    T: for<'r> TryFrom<&'r Row<'r>, Error = rusqlite::Error> + Send + 'static
{
}

/// A database in a file, by SQLite. Clones are the same database.
///
/// There is one connection that writes, and there are some that read, each on a thread of its own. Whoever reads sees
/// what was committed when they began, and waits for nobody who writes.
///
/// A future of this that is dropped gives its work up, and SQLite stops: what it has changed by then is undone.
///
/// ```
/// use database::{Database, Error};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("rides.db");
/// taxi::run(async {
///     let database = Database::at(&path).open().await?;
///     database.batch("CREATE TABLE rides (id INTEGER PRIMARY KEY, place TEXT NOT NULL)").await?;
///     database.execute("INSERT INTO rides (place) VALUES (?1)", ("the station",)).await?;
///     let rides: Vec<(i64, String)> = database.query("SELECT id, place FROM rides", ()).await?;
///     assert_eq!(rides, [(1, "the station".to_string())]);
///     database.close().await
/// })??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// ANCHOR: database
#[derive(Clone)]
pub struct Database(Rc<Inner>);

struct Inner {
    writer: Worker,
    /// Whoever has it may use the writer.
    turn: Lock<()>,
    readers: Vec<Rc<Worker>>,
    /// The readers that nobody uses.
    shelf: Rc<Shelf<Rc<Worker>>>,
    wait: Duration,
}
// ANCHOR_END: database

/// How a database is to be opened; made by [`Database::at`].
///
/// It is a [`Context`], too: `with(Database::at(path), async |database| …)` closes it when the body has ended, however
/// it ended.
///
/// ```
/// use std::time::Duration;
///
/// use database::{Database, Error};
/// use taxi::stream::with;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("rides.db");
/// taxi::run(async {
///     let open = Database::at(&path).readers(1).busy(Duration::from_secs(1)).wait(Duration::from_secs(9));
///     let failed = with(open, async |database| {
///         database.execute("DELETE FROM riders", ()).await
///     });
///     assert!(failed.await.unwrap_err().to_string().contains("no such table: riders"));
/// })?;
/// // SQLite's log goes when the last connection is closed.
/// assert!(!folder.path().join("rides.db-wal").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "it is opened by `open`, or by `with`"]
pub struct Open {
    path: Option<PathBuf>,
    readers: usize,
    busy: Duration,
    wait: Duration,
}

impl Open {
    /// How many connections read, 2 if nothing is said. With none, the one that writes reads as well.
    pub fn readers(mut self, readers: usize) -> Open {
        self.readers = readers;
        self
    }

    /// How long a statement waits for a file that another process has locked, 5 s if nothing is said.
    pub fn busy(mut self, limit: Duration) -> Open {
        self.busy = limit;
        self
    }

    /// How long to wait for others of this process: for a reader, or for a turn at writing. 30 s if nothing is said.
    pub fn wait(mut self, limit: Duration) -> Open {
        self.wait = limit;
        self
    }

    /// Opens it, and makes the file if there is none.
    ///
    /// # Errors
    ///
    /// If SQLite cannot open the file, or it is no database.
    #[track_caller]
    pub fn open(self) -> impl Future<Output = Result<Database, Error>> {
        located("open", self.opened())
    }

    async fn opened(self) -> Result<Database, Error> {
        let (writes, reads) = match self.path {
            Some(path) => (Kind::Writer(path.clone()), Some(Kind::Reader(path))),
            None => (Kind::Memory, None),
        };
        // First, since it makes the file.
        let writer = Worker::open("writer", writes, self.busy).await?;
        let mut readers = Vec::new();
        for kind in reads.iter().cycle().take(self.readers) {
            let reader = Worker::open("reader", kind.clone(), self.busy).await?;
            readers.push(Rc::new(reader));
        }
        Ok(Database(Rc::new(Inner {
            writer,
            turn: Lock::new(()),
            shelf: Shelf::new(readers.len(), readers.clone()),
            readers,
            wait: self.wait,
        })))
    }
}

// ANCHOR: context
impl<E: From<Error>> Context<E> for Open {
    type Value = Database;

    async fn enter(self) -> Result<Database, E> {
        Ok(self.open().await?)
    }

    async fn exit(database: Database, _: Ended<'_, E>) -> Result<(), E> {
        Ok(database.close().await?)
    }
}
// ANCHOR_END: context

impl Database {
    /// The database in the file `path`, which is still to be opened.
    pub fn at(path: impl AsRef<Path>) -> Open {
        Open {
            path: Some(path.as_ref().to_path_buf()),
            readers: 2,
            busy: Duration::from_secs(5),
            wait: Duration::from_secs(30),
        }
    }

    /// A database in memory, which is still to be opened. It has one connection, which writes and reads, and is gone
    /// with it.
    ///
    /// ```
    /// taxi::run(async {
    ///     let database = database::Database::in_memory().open().await?;
    ///     let sum: Vec<(i64,)> = database.query("SELECT ?1 + ?2", (20, 22)).await?;
    ///     assert_eq!(sum, [(42,)]);
    ///     Ok::<(), database::Error>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_memory() -> Open {
        Open {
            path: None,
            ..Database::at("")
        }
    }

    // ANCHOR: execute
    /// Executes one statement that changes something, by itself: it is committed when this is over. How many rows it
    /// has changed.
    ///
    /// # Errors
    ///
    /// What SQLite says; if it begins a transaction; if there was no turn within the time to wait.
    #[track_caller]
    pub fn execute<P: Params + Send + 'static>(
        &self,
        sql: &str,
        params: P,
    ) -> impl Future<Output = Result<usize, Error>> {
        let sql = sql.to_string();
        let work = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.execute(params)?)
        };
        located("execute", self.write(work))
    }
    // ANCHOR_END: execute

    /// Executes several statements, each by itself.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](Database::execute).
    #[track_caller]
    pub fn batch(&self, sql: &str) -> impl Future<Output = Result<(), Error>> {
        let sql = sql.to_string();
        let work = move |connection: &mut Connection| Ok(connection.execute_batch(&sql)?);
        located("batch", self.write(work))
    }

    // ANCHOR: write
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.0.turn().await?;
        let call = self.0.writer.call(move |connection| {
            close_what_is_open(connection);
            let done = work(connection);
            match close_what_is_open(connection) {
                true => Err(Error::LeftOpen),
                false => done,
            }
        });
        call.await
    }
    // ANCHOR_END: write

    /// Has the writer's thread do `work` with the connection itself: for what has no method here.
    ///
    /// ```
    /// taxi::run(async {
    ///     let database = database::Database::in_memory().open().await?;
    ///     let id = database.run(|connection| {
    ///         connection.execute_batch("CREATE TABLE rides (id INTEGER PRIMARY KEY); INSERT INTO rides VALUES (7)")?;
    ///         Ok(connection.last_insert_rowid())
    ///     });
    ///     assert_eq!(id.await?, 7);
    ///     Ok::<(), database::Error>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What `work` fails with, and as those of [`execute`](Database::execute).
    #[track_caller]
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> {
        let work = move |connection: &mut Connection| Ok(work(connection)?);
        located("run", self.write(work))
    }

    /// All rows that `sql` finds among what is committed.
    ///
    /// # Errors
    ///
    /// What SQLite says, also if a value is not of the type that `T` has there; if there was no reader within the time
    /// to wait.
    #[track_caller]
    pub fn query<T: Record>(
        &self,
        sql: &str,
        params: impl Params + Send + 'static,
    ) -> impl Future<Output = Result<Vec<T>, Error>> {
        let work = all(sql.to_string(), params);
        located("query", self.read(work))
    }

    // ANCHOR: read
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.0.readers.is_empty() {
            return self.write(work).await;
        }
        let lease = self.0.shelf.take("a reader", self.0.wait).await?;
        let reader = lease.get().ok_or(Error::Closed)?;
        reader.call(work).await
    }
    // ANCHOR_END: read

    /// The rows that `sql` finds, one after the other, as they are asked for: the thread is not further ahead than
    /// `ahead` rows. Dropping the stream stops the query.
    ///
    /// It is for databases in files: the reader is the stream's until it is dropped.
    ///
    /// ```
    /// use taxi::stream::StreamExt;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("numbers.db");
    /// taxi::run(async {
    ///     let database = database::Database::at(&path).open().await?;
    ///     // It has no end.
    ///     let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    ///     let mut rows = database.rows::<(i64,)>(numbers, (), 4).await?;
    ///     let mut sum = 0;
    ///     while let Some((number,)) = rows.next().await.transpose()? {
    ///         sum += number;
    ///         if number == 100 { break }
    ///     }
    ///     assert_eq!(sum, 5050);
    ///     Ok::<(), database::Error>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there was no reader within the time to wait, or there are none. What SQLite says is an item, the last one.
    #[track_caller]
    pub fn rows<T: Record>(
        &self,
        sql: &str,
        params: impl Params + Send + 'static,
        ahead: usize,
    ) -> impl Future<Output = Result<Rows<T>, Error>> {
        let sql = sql.to_string();
        located("rows", async move {
            let lease = self.0.shelf.take("a reader", self.0.wait).await?;
            let reader = lease.get().cloned().ok_or(Error::Closed)?;
            Ok(Rows::begin(lease, &reader, sql, params, ahead))
        })
    }

    /// Awaits `body` in a transaction: it commits if the body returns a value, and rolls back if that fails, is
    /// cancelled, or panics. Only then is this over. If it is *dropped*, rolling back is the next thing that the
    /// thread does.
    ///
    /// Nobody else of this process writes meanwhile: inside, use what the body is given. To write by the database
    /// itself would be to wait for oneself, until the time to wait is over.
    ///
    /// ```
    /// use database::{Database, Error};
    ///
    /// taxi::run(async {
    ///     let database = Database::in_memory().open().await?;
    ///     database.batch("CREATE TABLE till (money INTEGER CHECK (money >= 0)); INSERT INTO till VALUES (100)").await?;
    ///     let paid = database.transaction(async |till| {
    ///         till.execute("UPDATE till SET money = money - 80", ()).await?;
    ///         till.execute("UPDATE till SET money = money - 30", ()).await
    ///     });
    ///     assert_eq!(paid.await.unwrap_err().to_string(), "CHECK constraint failed: money >= 0");
    ///     assert_eq!(database.query::<(i64,)>("SELECT money FROM till", ()).await?, [(100,)]);
    ///     Ok::<(), Error>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the body fails with; what SQLite says to its beginning or its end; if there was no turn.
    // ANCHOR: transaction
    #[track_caller]
    pub fn transaction<'d, T, E: From<Error>>(
        &'d self,
        body: impl AsyncFnOnce(&mut Transaction<'d>) -> Result<T, E>,
    ) -> impl Future<Output = Result<T, E>> {
        located("transaction", with(Begin::outermost(&self.0), body))
    }
    // ANCHOR_END: transaction

    /// Closes all connections, when what is under way has ended. Whatever is asked after that fails as
    /// [`Error::Closed`].
    ///
    /// # Errors
    ///
    /// What SQLite says; if somebody keeps a reader or a transaction for longer than the time to wait. Then it will
    /// be closed when they have gone.
    #[track_caller]
    pub fn close(&self) -> impl Future<Output = Result<(), Error>> {
        located("close", self.closed())
    }

    // ANCHOR: close
    async fn closed(&self) -> Result<(), Error> {
        let (what, limit) = ("an end of what is under way", self.0.wait);
        let closed = timeout(limit, async {
            for reader in &self.0.readers {
                reader.close().await?;
            }
            // It is the last: then what is in the log goes to the file, and the log away.
            let _turn = self.0.turn.lock().await;
            self.0.writer.close().await
        });
        closed.await.unwrap_or(Err(Error::Waited { what, limit }))
    }
    // ANCHOR_END: close
}

impl Inner {
    async fn turn(&self) -> Result<taxi::sync::Guard<'_, ()>, Error> {
        let turn = timeout(self.wait, self.turn.lock()).await;
        turn.map_err(|_| Error::Waited {
            what: "a turn at writing",
            limit: self.wait,
        })
    }
}

/// Ends a transaction that nobody will: whether there was one.
fn close_what_is_open(connection: &Connection) -> bool {
    let open = !connection.is_autocommit();
    if open {
        // If this fails, SQLite has ended it.
        let _ended = connection.execute_batch("ROLLBACK");
    }
    open
}

/// What finds all rows.
fn all<T: Record>(
    sql: String,
    params: impl Params + Send + 'static,
) -> impl FnOnce(&mut Connection) -> Result<Vec<T>, Error> + Send + 'static {
    move |connection| {
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_and_then(params, |row| T::try_from(row))?;
        rows.map(|row| Ok(row?)).collect()
    }
}

/// Values that are known only when the program runs, as many as there are.
///
/// ```
/// taxi::run(async {
///     let database = database::Database::in_memory().open().await?;
///     let values = database::values(["a", "b"].map(String::from));
///     let joined: Vec<(String,)> = database.query("SELECT ?1 || ?2", values).await?;
///     assert_eq!(joined, [("ab".to_string(),)]);
///     Ok::<(), database::Error>(())
/// })??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn values<T: rusqlite::ToSql + Send + 'static>(
    values: impl IntoIterator<Item = T>,
) -> impl Params + Send + 'static {
    let values: Vec<T> = values.into_iter().collect();
    params_from_iter(values)
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (free, all) = (self.0.shelf.free(), self.0.readers.len());
        let writes = if self.0.turn.is_locked() {
            "busy"
        } else {
            "free"
        };
        write!(f, "Database, writer {writes}, {free} of {all} readers free")
    }
}
