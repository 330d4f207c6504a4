//! The pool that a loop has, and what becomes of its jobs when the loop ends.

use std::cell::OnceCell;
use std::io::{self, Write};
use std::panic::Location;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use event_loop::Clock;
use readiness::Reactor;
use timers::Timers;
use wakers::{Current, Park, enter};

use crate::job::Job;
use crate::pool::Pool;
use crate::shared::RunningJob;

/// How long the end of a loop waits for jobs, if nothing is said.
const LIMIT: Duration = Duration::from_secs(10);

// ANCHOR: layer
/// Gives a loop a pool of threads, which is made when it is first needed.
///
/// Dropping it, which the executor does when it is over, shuts the pool down: it waits for
/// jobs that are queued or run, but not longer than [a limit](Threads::set_limit). Whatever
/// runs still then is [reported](Threads::set_report), and goes on by itself.
///
/// ```
/// use threads::Threads;
/// use wakers::ThreadPark;
///
/// let threads = Threads::new(ThreadPark::new());
/// let sum = task_cell::run_with(threads, async { threads::spawn_blocking(|| 1 + 2).await });
/// assert_eq!(sum.unwrap(), 3);
/// ```
pub struct Threads<P> {
    lower: P,
    shared: Rc<OnceCell<Pool>>,
    limit: Duration,
    report: Box<dyn Fn(&RunningJob)>,
}
// ANCHOR_END: layer

thread_local! {
    static CURRENT: Current<OnceCell<Pool>> = const { Current::new() };
}

impl<P> Threads<P> {
    /// Threads for a loop that waits as `lower` does.
    pub fn new(lower: P) -> Threads<P> {
        Threads {
            lower,
            shared: Rc::default(),
            limit: LIMIT,
            // Not `eprintln!`, which panics if nobody can be told.
            report: Box::new(|job| {
                drop(writeln!(io::stderr(), "left at the end: {job}"))
            }),
        }
    }

    /// The layer below.
    ///
    /// ```
    /// let layers = threads::layers(event_loop::Clock::real())?;
    /// assert_eq!(layers.lower().pending(), 0); // No timer is set.
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn lower(&self) -> &P {
        &self.lower
    }

    /// Gives the loop this pool, which is shut down at its end: asyncio's `set_default_executor`. If nothing is said, it
    /// makes one whose threads are `blocking-1`, `blocking-2`, ….
    ///
    /// ```
    /// let mut layers = threads::layers(event_loop::Clock::real())?;
    /// layers.set_pool(threads::Pool::builder().name("files").max_threads(2).build());
    /// let name = task_cell::run_with(layers, async {
    ///     threads::spawn_blocking(|| std::thread::current().name().map(String::from)).await
    /// });
    /// assert_eq!(name.unwrap().as_deref(), Some("files-1"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_pool(&mut self, pool: Pool) {
        self.shared = Rc::new(OnceCell::from(pool.of_this_loop()));
    }

    /// How long the end of the loop waits for jobs, 10 s if nothing is said.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut layers = threads::layers(event_loop::Clock::real())?;
    /// // As long as it takes.
    /// layers.set_limit(Duration::MAX);
    /// task_cell::run_with(layers, async { drop(threads::spawn_blocking(|| "saved")) });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_limit(&mut self, limit: Duration) {
        self.limit = limit;
    }

    /// Who is told of each job that is left at the end. If nothing is said, it is a line on standard error.
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    ///
    /// let mut layers = threads::layers(event_loop::Clock::real())?;
    /// let (told, left) = mpsc::channel();
    /// layers.set_limit(Duration::ZERO);
    /// layers.set_report(move |job| told.send(job.to_string()).unwrap());
    /// let (go, wait) = mpsc::channel::<()>();
    /// task_cell::run_with(layers, async {
    ///     let (begun, has_begun) = mpsc::channel();
    ///     drop(threads::spawn_blocking(move || (begun.send(()), wait.recv())));
    ///     has_begun.recv().unwrap();
    /// });
    /// assert!(left.recv().unwrap().contains("on blocking-1"));
    /// # drop(go);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_report(&mut self, report: impl Fn(&RunningJob) + 'static) {
        self.report = Box::new(report);
    }
}

impl<P: Park> Park for Threads<P> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.lower.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.lower.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        (enter(&CURRENT, Rc::clone(&self.shared)), self.lower.enter())
    }

    fn expects_wake(&self) -> bool {
        self.lower.expects_wake()
    }
}

// ANCHOR: end
impl<P> Drop for Threads<P> {
    fn drop(&mut self) {
        let Some(pool) = self.shared.get() else {
            return;
        };
        // hole: end — shut the pool down within the limit, and report each job that is left; a report is foreign code
        // tried by: left-at-the-end, bad-report
        // also: threads
        for job in pool.end(self.limit) {
            wakers::contained("a report", || (self.report)(&job));
        }
        // end hole
    }
}
// ANCHOR_END: end

/// What chapter 12's loop waits with, and threads.
///
/// ```
/// use event_loop::Clock;
///
/// let mut executor = task_cell::Executor::new(threads::layers(Clock::real())?);
/// let job = executor.run_until_complete(async { threads::spawn_blocking(|| 7).await });
/// assert_eq!(job.unwrap(), 7);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptor left for the reactor.
pub fn layers(clock: Clock) -> io::Result<Threads<Timers<Reactor>>> {
    readiness::layers(clock).map(Threads::new)
}

/// Runs `future` with tasks, timers, sockets and threads: [`task_cell::run_with`] on [`layers`].
///
/// ```
/// use event_loop::Clock;
///
/// let sum = threads::run(Clock::virtual_time(), async {
///     timers::sleep(std::time::Duration::from_secs(3600)).await;
///     threads::spawn_blocking(|| 1 + 2).await.unwrap()
/// })?;
/// assert_eq!(sum, 3);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptor left for the reactor.
///
/// # Panics
///
/// As [`task_cell::Executor::run_until_complete`].
#[track_caller]
pub fn run<F: IntoFuture>(clock: Clock, future: F) -> io::Result<F::Output> {
    Ok(task_cell::run_with(layers(clock)?, future))
}

// ANCHOR: default
/// The pool of the loop that runs here. It may be given to other threads, and used until
/// the loop ends.
///
/// ```
/// use event_loop::Clock;
///
/// threads::run(Clock::real(), async {
///     let pool = threads::pool();
///     // A job has no loop on its thread, but may begin another job.
///     let inner = threads::spawn_blocking(move || pool.run(|| 7)).await.unwrap();
///     assert_eq!(inner.await.unwrap(), 7);
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
///
/// If no loop with threads is running on this thread.
#[track_caller]
pub fn pool() -> Pool {
    must_have_pool("pool")
}

// ANCHOR: current
/// Has a thread of the loop's pool call `work`: asyncio's `to_thread`.
///
/// ```
/// use event_loop::Clock;
///
/// let sum = threads::run(Clock::real(), async {
///     threads::spawn_blocking(|| (1..=100).sum::<u32>()).await
/// })?;
/// assert_eq!(sum.unwrap(), 5050);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
///
/// If no loop with threads is running on this thread.
#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Job<T> {
    must_have_pool("spawn_blocking").run(work)
}

pub(crate) fn current_pool() -> Option<Pool> {
    let shared = CURRENT.with(Current::get)?;
    let make = || Pool::builder().name("blocking").build().of_this_loop();
    Some(shared.get_or_init(make).clone())
}
// ANCHOR_END: current
// ANCHOR_END: default

/// That pool, or a panic at the caller's line.
#[track_caller]
fn must_have_pool(what: &str) -> Pool {
    match current_pool() {
        Some(pool) => pool,
        None => panic!(
            "{what} (called at {}) needs a loop with threads on this thread: run the future \
             with threads::run or taxi::run; on another thread, take a Pool along",
            Location::caller()
        ),
    }
}
