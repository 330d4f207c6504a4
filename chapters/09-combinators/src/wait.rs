//! Waiting for some tasks, without touching any of them.

use std::time::Duration;

use polling::Suspension;
use task_cell::{JoinError, JoinHandle};

use crate::boxed::Wait;
use crate::handles::TryGathered;
use crate::watched::{Decides, Watched, here};

/// When [`wait`] ends, if its limit is not over before.
///
/// ```
/// use combinators::{When, wait};
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::spawn;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [1, 2].map(|seconds| spawn(sleep(Duration::from_secs(seconds))));
///     let waited = wait(trips, When::FirstCompleted, None).await;
///     assert_eq!((waited.done.len(), waited.pending.len()), (1, 1));
///     assert!(wait(waited.pending, When::All, None).await.pending.is_empty());
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When one of the tasks is over.
    FirstCompleted,
    /// When one of the tasks has panicked, or in [`try_wait`] has given an `Err`; otherwise when all are over. As in
    /// asyncio, a task that was cancelled is no error here.
    FirstError,
    /// When all of the tasks are over.
    All,
}

/// What [`wait`] has found: made by [`wait`] and [`try_wait`].
#[derive(Debug)]
pub struct Waited<T> {
    /// The tasks that are over, in the order in which they were given.
    pub done: Vec<JoinHandle<T>>,
    /// Those that are not over, in the same order.
    pub pending: Vec<JoinHandle<T>>,
}

/// Waits for tasks, for at most `limit` if there is one, and tells those that are over from those that are not.
///
/// It cancels nothing: neither when the time is up nor when the awaiting task is cancelled. (A handle that is dropped
/// lets its task run on.) Without any handle it does not wait. The limit counts from when it is first awaited.
///
/// It is `asyncio.wait`.
///
/// ```
/// use combinators::{When, wait};
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::spawn;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [1, 3].map(|seconds| spawn(sleep(Duration::from_secs(seconds))));
///     let waited = wait(trips, When::All, Duration::from_secs(2)).await;
///     assert!(waited.done[0].is_finished() && !waited.pending[0].is_finished());
/// });
/// ```
#[track_caller]
pub fn wait<T: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<T>>,
    when: When,
    limit: impl Into<Option<Duration>>,
) -> Wait<Waited<T>> {
    let decides: Decides<Vec<JoinHandle<T>>> = match when {
        When::FirstCompleted => |_, _, _| true,
        When::FirstError => |_, _, end| has_panicked(end),
        When::All => |_, _, _| false,
    };
    let at = here("wait");
    until(Vec::from_iter(handles), decides, limit.into(), at)
}

/// [`wait`] for tasks that give a `Result`: with [`When::FirstError`] an `Err` ends it as well.
///
/// ```
/// use combinators::{When, try_wait};
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::spawn;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trip = |text: &'static str, seconds| async move {
///         sleep(Duration::from_secs(seconds)).await;
///         text.parse::<u32>()
///     };
///     let trips = [spawn(trip("x", 1)), spawn(trip("2", 2))];
///     let waited = try_wait(trips, When::FirstError, None).await;
///     assert_eq!((waited.done.len(), waited.pending.len()), (1, 1));
/// });
/// ```
#[track_caller]
pub fn try_wait<T: 'static, E: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<Result<T, E>>>,
    when: When,
    limit: impl Into<Option<Duration>>,
) -> Wait<Waited<Result<T, E>>> {
    let decides: Decides<Vec<JoinHandle<Result<T, E>>>> = match when {
        When::FirstCompleted => |_, _, _| true,
        When::FirstError => {
            |handles, place, end| has_panicked(end) || handles.has_failed(place)
        }
        When::All => |_, _, _| false,
    };
    let at = here("wait");
    until(Vec::from_iter(handles), decides, limit.into(), at)
}

fn has_panicked(end: &Result<(), JoinError>) -> bool {
    matches!(end, Err(JoinError::Panicked(_)))
}

// ANCHOR: wait
fn until<T: 'static>(
    handles: Vec<JoinHandle<T>>,
    decides: Decides<Vec<JoinHandle<T>>>,
    limit: Option<Duration>,
    at: Suspension,
) -> Wait<Waited<T>> {
    let watched = Watched::new(handles, false, decides);
    Wait::new(at, async move {
        let _released = watched.released(limit, at).await;
        let handles = watched.into_handles().into_iter();
        let (done, pending) = handles.partition(|handle| handle.is_finished());
        Waited { done, pending }
    })
}
// ANCHOR_END: wait
