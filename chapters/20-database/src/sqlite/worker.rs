//! One connection to SQLite, and the thread on which it is used.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use taxi::threads::{Job, Pool};

use crate::Error;

// ANCHOR: worker
/// A connection, and a pool of one thread: whatever is to be done with the connection is
/// done there, one after the other, in the order in which it was asked for.
pub(crate) struct Worker {
    pool: Pool,
    shared: Arc<Shared>,
}

struct Shared {
    /// `None` when it is closed. Only the thread locks it.
    connection: Mutex<Option<Connection>>,
    /// How long it waits for a file that another process has locked.
    busy: Duration,
}
// ANCHOR_END: worker

/// What a connection is to be.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// It may change the file, and makes it if there is none.
    Writer(PathBuf),
    /// It cannot change it.
    Reader(PathBuf),
    /// Its database is in memory, and nobody else's.
    Memory,
}

// ANCHOR: call
/// What was asked of a [`Worker`]. Dropping it gives the work up: if it was not begun it
/// never is, and if SQLite is at it, SQLite stops.
#[must_use = "dropping it gives the work up"]
pub(crate) struct Call<T: 'static> {
    job: Job<Result<T, Error>>,
    unwanted: Arc<AtomicBool>,
}
// ANCHOR_END: call

impl Worker {
    /// Opens a connection, on its own thread.
    pub(crate) async fn open(
        name: &str,
        kind: Kind,
        busy: Duration,
    ) -> Result<Worker, Error> {
        let pool = Pool::builder().name(name).max_threads(1);
        let shared = Arc::new(Shared {
            connection: Mutex::new(None),
            busy,
        });
        let worker = Worker {
            pool: pool.keep_alive(Duration::from_secs(60)).build(),
            shared: Arc::clone(&shared),
        };
        let opened = worker.pool.run(move || {
            let connection = open(&kind, busy)?;
            *shared.lock() = Some(connection);
            Ok::<(), Error>(())
        });
        opened.await.map_err(Error::Lost)??;
        Ok(worker)
    }

    // ANCHOR: ask
    /// Has the thread do `work` with the connection, after what it was given before.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Call<T> {
        let unwanted = Arc::new(AtomicBool::new(false));
        let (shared, given_up) = (Arc::clone(&self.shared), Arc::clone(&unwanted));
        let job = self.pool.run(move || shared.work(given_up, work));
        Call { job, unwanted }
    }

    /// Has the thread do `work` as the very next thing, and waits for nothing: what a
    /// destructor can do.
    pub(crate) fn queue(&self, work: impl FnOnce(&mut Connection) + Send + 'static) {
        let shared = Arc::clone(&self.shared);
        let wanted = Arc::default();
        let job = self.pool.run(move || {
            shared.work(wanted, |connection| {
                work(connection);
                Ok(())
            })
        });
        // It is done without anybody who knows its end.
        drop(job);
    }
    // ANCHOR_END: ask

    /// A call whose thread will itself wait for whoever takes what it brings. It holds no guard of the clock's: on
    /// virtual time, the taker's sleep would else never end.
    pub(crate) fn stream(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<(), Error> + Send + 'static,
    ) -> Arc<AtomicBool> {
        let unwanted = Arc::new(AtomicBool::new(false));
        let (shared, given_up) = (Arc::clone(&self.shared), Arc::clone(&unwanted));
        let pool = self.pool.clone();
        // A thread of the pool has no clock, so a job that is begun there holds nobody's.
        let begun = self
            .pool
            .run(move || drop(pool.run(move || shared.work(given_up, work))));
        drop(begun);
        unwanted
    }

    /// Closes the connection, after what the thread was given before. It is closed, also if this fails.
    pub(crate) async fn close(&self) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let closed = self.pool.run(move || match shared.lock().take() {
            Some(connection) => connection.close().map_err(|(_, error)| error.into()),
            None => Ok(()),
        });
        closed.await.map_err(Error::Lost)?
    }
}

// ANCHOR: drop
impl Drop for Worker {
    fn drop(&mut self) {
        // To close may take a while, since what is in the log goes to the file then. So
        // it is not done here. The pool's thread does what is queued, and ends.
        let shared = Arc::clone(&self.shared);
        drop(self.pool.run(move || drop(shared.lock().take())));
    }
}
// ANCHOR_END: drop

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<Connection>> {
        // Work that has panicked has left the connection as a statement leaves it that failed.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: work
    /// On the thread: does `work`, but stops when nobody wants it any more.
    fn work<T>(
        &self,
        unwanted: Arc<AtomicBool>,
        work: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.lock();
        let connection = connection.as_mut().ok_or(Error::Closed)?;
        if unwanted.load(Ordering::Relaxed) {
            // Nobody will read this.
            return Err(Error::Closed);
        }
        // hole: give-up — let SQLite stop when nobody wants the answer: while it computes, and while it waits
        // tried by: given-up
        // also: database
        let given_up = Arc::clone(&unwanted);
        let is_over = move || given_up.load(Ordering::Relaxed);
        connection.progress_handler(OPERATIONS, Some(is_over))?;
        let busy = wait_for_the_file(unwanted, self.busy);
        connection.busy_handler(Some(busy))?;
        work(connection)
        // end hole
    }
    // ANCHOR_END: work
}

/// After so many steps of its machine, SQLite asks whether it is to go on: some tens of microseconds.
const OPERATIONS: i32 = 1000;

// ANCHOR: busy
/// What SQLite asks, again and again, while the file is locked by another connection:
/// whether it is to try once more.
fn wait_for_the_file(
    unwanted: Arc<AtomicBool>,
    limit: Duration,
) -> impl FnMut(i32) -> bool + Send + 'static {
    let mut since = Instant::now();
    move |tries| {
        if tries == 0 {
            since = Instant::now();
        }
        if unwanted.load(Ordering::Relaxed) || since.elapsed() >= limit {
            return false;
        }
        // The thread is the connection's own, and nobody else's.
        thread::sleep(Duration::from_millis(tries.clamp(1, 20) as u64));
        true
    }
}
// ANCHOR_END: busy

fn open(kind: &Kind, busy: Duration) -> Result<Connection, Error> {
    let mut connection = match kind {
        Kind::Writer(path) => Connection::open(path)?,
        Kind::Reader(path) => {
            let flags =
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(path, flags)?
        }
        Kind::Memory => Connection::open_in_memory()?,
    };
    connection.busy_handler(Some(wait_for_the_file(Arc::default(), busy)))?;
    if let Kind::Writer(_) = kind {
        // Readers go on while somebody writes; a commit is on the disk when it returns.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
    }
    connection.pragma_update(None, "foreign_keys", "on")?;
    Ok(connection)
}

impl<T: 'static> Future for Call<T> {
    type Output = Result<T, Error>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = Pin::new(&mut self.job).poll(context);
        polled.map(|end| end.map_err(Error::Lost)?)
    }
}

impl<T: 'static> Drop for Call<T> {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::Relaxed);
    }
}
