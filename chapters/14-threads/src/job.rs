//! Blocking work on a pool's thread, as a future.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Weak;
use std::task::{Context, Poll};

use task_cell::JoinError;

use crate::answer::Answer;
use crate::shared::Shared;

/// Work that was given to a [`Pool`](crate::Pool). Awaiting it gives the work's value, or why there is none.
///
/// Any loop may await it, and any thread [`wait`](Job::wait) for it. Dropping it lets the work go on without anybody who
/// knows its end: its value is dropped by the pool's thread then, or, if it was there already, by whoever drops the
/// job. So it is when the task that awaits it is cancelled: no thread can be stopped from outside.
///
/// ```
/// use event_loop::Clock;
/// use task_cell::JoinError;
///
/// threads::run(Clock::real(), async {
///     let sum = threads::spawn_blocking(|| (1..=100).sum::<u32>());
///     assert_eq!(sum.await.unwrap(), 5050);
///     // A panic is a value, and the thread lives on.
///     let crash = threads::spawn_blocking(|| panic!("no fuel")).await;
///     assert!(matches!(crash, Err::<(), _>(JoinError::Panicked(_))));
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: job
#[must_use = "dropping the job lets it run on without anybody who knows its end"]
pub struct Job<T: 'static> {
    pub(crate) answer: Answer<T>,
    /// Its pool, while there is one, and its number there.
    pub(crate) place: (Weak<Shared>, u64),
}
// ANCHOR_END: job

impl<T: 'static> Job<T> {
    /// Takes it back, if no thread has begun it: then it ends as [`JoinError::Cancelled`], and its closure is dropped
    /// here. False if it was begun: it goes on to its end.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// let pool = threads::Pool::builder().max_threads(1).build();
    /// let (go, wait) = mpsc::channel();
    /// let first = pool.run(move || wait.recv().unwrap());
    /// let second = pool.run(|| unreachable!("it was cancelled"));
    /// assert!(second.cancel());
    /// go.send(7).unwrap();
    /// assert_eq!(first.wait().unwrap(), 7);
    /// assert!(matches!(second.wait(), Err(task_cell::JoinError::Cancelled)));
    /// ```
    pub fn cancel(&self) -> bool {
        let (pool, id) = &self.place;
        pool.upgrade().is_some_and(|pool| pool.take_back(*id))
    }

    /// Whether it has come to its end. Awaiting it does not suspend then.
    pub fn is_finished(&self) -> bool {
        self.answer.is_known()
    }

    /// Blocks this thread until it has come to its end: for threads without a loop.
    ///
    /// ```
    /// let pool = threads::Pool::builder().build();
    /// assert_eq!(pool.run(|| 6 * 7).wait().unwrap(), 42);
    /// ```
    ///
    /// # Errors
    ///
    /// If it panicked, or was never begun.
    ///
    /// # Panics
    ///
    /// If a loop is running on this thread: `.await` the job there.
    #[track_caller]
    pub fn wait(self) -> Result<T, JoinError> {
        self.answer.wait()
    }

    /// Where it was given to the pool.
    pub fn location(&self) -> &'static Location<'static> {
        self.answer.made
    }
}

impl<T: 'static> Future for Job<T> {
    type Output = Result<T, JoinError>;

    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer).poll(context)
    }
}

impl<T: 'static> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.is_finished() {
            true => "finished",
            false => "pending",
        };
        write!(f, "Job {state}, from {}", self.location())
    }
}
