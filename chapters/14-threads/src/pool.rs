//! Threads for what blocks, as many as are needed and no more than are allowed.
//!
//! A pool of this kind is in every runtime: CPython's `ThreadPoolExecutor`, tokio's blocking pool, the crate `blocking`.
//! This one is CPython's in its manners (a job may be cancelled until it is begun; a pool that is dropped does what is
//! queued), and like tokio's it ends threads that have had nothing to do for some time.

use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use task_cell::{JoinError, Panic};
use wakers::callback_sink;

use crate::answer::answer;
use crate::job::Job;
use crate::shared::{PoolCounts, Refused, RunningJob, Shared, State, Work};

/// Threads for what blocks. Clones are the same pool.
///
/// A job waits in one queue, first in, first out. A thread is started when all others are busy, up to the number that
/// is allowed, and ends when it has had nothing to do for some time. Dropping the last clone lets the threads do what is
/// queued, and end; [`shutdown`](Pool::shutdown) waits for that.
///
/// A job that waits for another one of its own pool may wait for ever, if no thread is left for that.
///
/// ```
/// use event_loop::Clock;
///
/// let pool = threads::Pool::builder().name("files").max_threads(2).build();
/// threads::run(Clock::real(), async {
///     let name = pool.run(|| std::thread::current().name().map(String::from));
///     assert_eq!(name.await.unwrap().as_deref(), Some("files-1"));
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: pool
#[derive(Clone)]
pub struct Pool(Arc<Owner>);

/// Closes the pool when its last clone is gone. Its threads have the rest.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close();
    }
}
// ANCHOR_END: pool

/// How a pool is to be; made by [`Pool::builder`].
///
/// ```
/// use std::time::Duration;
///
/// let pool = threads::Pool::builder()
///     .name("hashes")
///     .max_threads(4)
///     .keep_alive(Duration::from_secs(60))
///     .queue_limit(100)
///     .stack_size(64 * 1024)
///     .build();
/// assert_eq!(pool.counts().threads, 0); // It has none yet.
/// ```
#[derive(Debug, Clone)]
#[must_use = "a pool is made by `build`"]
pub struct PoolBuilder {
    name: String,
    max_threads: usize,
    keep_alive: Duration,
    queue_limit: Option<usize>,
    stack_size: Option<usize>,
}

impl PoolBuilder {
    /// The first part of its threads' names, `pool` if nothing is said: the first thread is `pool-1`.
    ///
    /// # Panics
    ///
    /// If there is a zero byte in it.
    #[track_caller]
    pub fn name(mut self, name: impl Into<String>) -> PoolBuilder {
        self.name = name.into();
        assert!(
            !self.name.contains('\0'),
            "no thread can have a name with a zero byte in it"
        );
        self
    }

    /// How many threads it has at most, 32 if nothing is said.
    ///
    /// # Panics
    ///
    /// If it is none: nobody would do the work.
    #[track_caller]
    pub fn max_threads(mut self, max_threads: usize) -> PoolBuilder {
        assert!(max_threads > 0, "a pool without threads would do no work");
        self.max_threads = max_threads;
        self
    }

    /// How long a thread stays that has nothing to do, 10 s if nothing is said.
    pub fn keep_alive(mut self, keep_alive: Duration) -> PoolBuilder {
        self.keep_alive = keep_alive;
        self
    }

    /// How many jobs may wait while all threads are busy. Nothing said: any number, as in asyncio.
    ///
    /// What would be one too many is refused ([`Pool::try_run`] says so). To wait instead until there is room, hold a
    /// permit of a `Semaphore` while you await a job, in a task that nobody cancels (`combinators::shield`): a permit
    /// that goes with whoever waits is free while the job still has its place.
    pub fn queue_limit(mut self, jobs: usize) -> PoolBuilder {
        self.queue_limit = Some(jobs);
        self
    }

    /// How many bytes of stack a thread has: std's choice if nothing is said, which is 2 MiB. The operating system gives
    /// the memory as it is used.
    pub fn stack_size(mut self, bytes: usize) -> PoolBuilder {
        self.stack_size = Some(bytes);
        self
    }

    /// Makes the pool. It has no threads yet.
    pub fn build(self) -> Pool {
        let shared = Shared {
            name: self.name,
            max_threads: self.max_threads,
            keep_alive: self.keep_alive,
            queue_limit: self.queue_limit,
            stack_size: self.stack_size,
            home: OnceLock::new(),
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
        };
        Pool(Arc::new(Owner(Arc::new(shared))))
    }
}

impl Pool {
    /// A pool that is still to be described.
    pub fn builder() -> PoolBuilder {
        PoolBuilder {
            name: "pool".to_string(),
            max_threads: 32,
            keep_alive: Duration::from_secs(10),
            queue_limit: None,
            stack_size: None,
        }
    }

    /// Has a thread call `work`, after what was queued before: asyncio's `run_in_executor`.
    ///
    /// If the pool refuses it, the job is over at once, as [`JoinError::Cancelled`].
    #[track_caller]
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Job<T> {
        match self.submit(work, Location::caller()) {
            Ok(job) | Err((_, job)) => job,
        }
    }

    /// [`run`](Pool::run), if the pool takes it.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// let pool = threads::Pool::builder().max_threads(1).queue_limit(1).build();
    /// let (go, wait) = mpsc::channel::<()>();
    /// let busy = pool.run(move || wait.recv().is_ok());
    /// # while pool.counts().queued > 0 { std::thread::yield_now() }
    /// let waits = pool.run(|| 2);
    /// let refused = pool.try_run(|| 3).unwrap_err();
    /// assert_eq!(refused.to_string(), "the pool's queue is full");
    /// go.send(()).unwrap();
    /// assert!(busy.wait().unwrap());
    /// assert_eq!(waits.wait().unwrap(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// If its queue is full, if it was shut down, or if the operating system gives it no thread: `work` comes back.
    #[track_caller]
    pub fn try_run<T, F>(&self, work: F) -> Result<Job<T>, Refused<F>>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.submit(work, Location::caller())
            .map_err(|(refused, _)| refused)
    }

    // ANCHOR: submit
    pub(crate) fn submit<T, F>(
        &self,
        work: F,
        location: &'static Location<'static>,
    ) -> Result<Job<T>, (Refused<F>, Job<T>)>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (reply, answer) = answer("job", location);
        let shared = &self.0.0;
        let mut job = Job {
            answer,
            place: (Arc::downgrade(shared), 0),
        };
        // On the virtual clock: until it is over, no time passes where it was begun.
        let outside = timers::is_virtual().then(timers::outside);
        let mut given = Some(work);
        let submitted = shared.submit(location, || {
            // ANCHOR: wrap
            let work = given.take().expect("it is asked for once");
            let work: Work = Box::new(move |free| {
                let end = catch_unwind(AssertUnwindSafe(work))
                    .map_err(|thrown| JoinError::Panicked(Panic::new(thrown)));
                if reply.is_wanted() {
                    free();
                    reply.send(end);
                } else {
                    // The value's destructor may take long: the thread is not free before.
                    wakers::discard("a value", (end, reply));
                    free();
                }
                drop(outside);
            });
            // ANCHOR_END: wrap
            work
        });
        match submitted {
            Ok(id) => {
                job.place.1 = id;
                Ok(job)
            }
            Err(reason) => {
                let work = given.expect("what was refused was not asked for");
                Err((Refused { reason, work }, job))
            }
        }
    }
    // ANCHOR_END: submit

    /// How many threads and jobs it has now.
    pub fn counts(&self) -> PoolCounts {
        self.0.0.lock().counts()
    }

    /// Takes no more jobs, waits for those it has, and blocks this thread until the last of its threads ends, but not
    /// longer than `limit`. Then jobs that were not begun are cancelled; those that were come back, and go on.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = threads::Pool::builder().build();
    /// let job = pool.run(|| "saved");
    /// assert!(pool.shutdown(Duration::from_secs(60)).is_empty());
    /// assert_eq!(job.wait().unwrap(), "saved");
    /// ```
    ///
    /// # Panics
    ///
    /// If a job of this pool calls it: it would wait for itself. If a loop is running on this thread, and `limit` is not
    /// zero: a job that needs the loop would never end. There, await
    /// `spawn_blocking(move || pool.shutdown(limit))`.
    #[track_caller]
    pub fn shutdown(&self, limit: Duration) -> Vec<RunningJob> {
        assert!(
            limit.is_zero() || callback_sink().is_none(),
            "shutdown() would stop the loop that runs on this thread, and with it perhaps what \
             the jobs wait for; `.await` it as spawn_blocking(move || pool.shutdown(limit))"
        );
        self.end(limit)
    }

    /// [`shutdown`](Pool::shutdown), wherever it is.
    #[track_caller]
    pub(crate) fn end(&self, limit: Duration) -> Vec<RunningJob> {
        self.0.0.shutdown(limit)
    }

    /// The loop on this thread waits for its jobs at its end.
    pub(crate) fn of_this_loop(self) -> Pool {
        self.0.0.home.get_or_init(|| thread::current().id());
        self
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool {:?}, {:?}", self.0.0.name, self.counts())
    }
}
