//! A task with a limit, which has ended before the limit is reported.

use std::cell::Cell;
use std::time::Duration;

use polling::{Suspension, yield_now};
use task_cell::{Cancelled, JoinError, JoinHandle, TaskHandle, catch_cancel, spawn};

use crate::WaitForError;
use crate::handles::end_of;
use crate::watched::{Watched, here};

/// Spawns `future` and awaits it, for at most `limit` from when this is first awaited. When the time is up the task is
/// cancelled, and the limit is reported when it has ended: it may clean up first, however long that takes.
///
/// At its limit the task has one more turn, so a value of the same instant wins; and a value that it still gives after
/// it was cancelled is returned. If the awaiting task is cancelled, the spawned one is, and the cancellation goes on
/// when that has ended. Dropping this aborts it.
///
/// It is `asyncio.wait_for`. Where the future need not clean up by awaiting, [`timers::timeout`] needs no task.
///
/// ```
/// use combinators::{WaitForError, wait_for};
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::{Cancelled, catch_cancel};
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trip = async {
///         if catch_cancel(sleep(Duration::from_secs(60))).await.is_err() {
///             sleep(Duration::from_secs(1)).await; // back to the garage
///             Cancelled::resume().await;
///         }
///     };
///     let end = wait_for(Duration::from_secs(5), trip).await;
///     assert!(matches!(end, Err(WaitForError::Elapsed)));
///     assert_eq!(now().as_secs(), 6);
/// });
/// ```
///
/// # Errors
///
/// Awaited: if the time was up, or the task ended without a value.
///
/// # Panics
///
/// If no executor is running on this thread; when awaited where no loop with timers runs.
#[track_caller]
pub fn wait_for<F>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, WaitForError>>
where
    F: Future<Output: 'static> + 'static,
{
    wait_for_handle(limit, spawn(future))
}

/// [`wait_for`] of a task that is there.
///
/// ```
/// use combinators::wait_for_handle;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trip = spawn(async { 7 });
///     assert_eq!(wait_for_handle(Duration::ZERO, trip).await.unwrap(), 7);
/// });
/// ```
///
/// # Errors
///
/// Awaited: as [`wait_for`].
#[track_caller]
pub fn wait_for_handle<T: 'static>(
    limit: Duration,
    handle: JoinHandle<T>,
) -> impl Future<Output = Result<T, WaitForError>> {
    let task = handle.task_handle();
    let inner = Watched::new(vec![handle], true, |_, _, _| true);
    limited(limit, inner, task, here("wait_for"))
}

// ANCHOR: wait-for
async fn limited<T: 'static>(
    limit: Duration,
    inner: Watched<Vec<JoinHandle<T>>>,
    task: TaskHandle,
    at: Suspension,
) -> Result<T, WaitForError> {
    let asked = Cell::new(false);
    let end = async {
        if !inner.released(Some(limit), at).await {
            // One more turn for the inner task: what is due now has happened by then.
            yield_now().await;
            if task.cancel() {
                asked.set(true);
                inner.all_over(at).await;
            }
        }
    };
    if let Err(Cancelled) = catch_cancel(end).await {
        if !asked.get() {
            inner.cancel();
        }
        inner.all_over(at).await;
        Cancelled::resume().await;
    }
    let handle = inner.into_handles().pop();
    match end_of(handle.expect("one was given")) {
        Err(JoinError::Cancelled) if asked.get() => Err(WaitForError::Elapsed),
        end => Ok(end?),
    }
}
// ANCHOR_END: wait-for
