//! A task that a cancellation does not reach.

use task_cell::{JoinError, JoinHandle, spawn};

use crate::handles::end_of;
use crate::watched::{Watched, here};

/// Spawns `future` and awaits it. If the awaiting task is cancelled, or drops this, the spawned one goes on.
///
/// It is `asyncio.shield`. Nobody but this has its handle: to see its end in any case, spawn it yourself and await
/// [`shield_handle`] of that; what is not over when the root ends is cancelled.
///
/// ```
/// use combinators::shield;
/// use event_loop::Clock;
/// use std::{cell::Cell, rc::Rc, time::Duration};
/// use task_cell::spawn;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let arrived = Rc::new(Cell::new(false));
///     let told = Rc::clone(&arrived);
///     let outer = spawn(async move {
///         let trip = async move { sleep(Duration::from_secs(2)).await; told.set(true) };
///         shield(trip).await
///     });
///     sleep(Duration::from_secs(1)).await;
///     outer.cancel();
///     assert!(outer.await.is_err());
///     sleep(Duration::from_secs(2)).await;
///     assert!(arrived.get());
/// });
/// ```
///
/// # Errors
///
/// Awaited: if the task ended without a value; so a cancelled one is told of.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn shield<F>(future: F) -> impl Future<Output = Result<F::Output, JoinError>>
where
    F: Future<Output: 'static> + 'static,
{
    shield_handle(spawn(future))
}

// ANCHOR: shield
/// [`shield`] of a task that is there.
///
/// ```
/// use combinators::shield_handle;
/// use event_loop::Clock;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trip = spawn(std::future::pending::<()>());
///     let task = trip.task_handle();
///     drop(shield_handle(trip));
///     assert!(!task.is_finished());
///     assert!(task.cancel()); // Not even that was asked of it.
/// });
/// ```
///
/// # Errors
///
/// Awaited: as [`shield`].
#[track_caller]
pub fn shield_handle<T: 'static>(
    handle: JoinHandle<T>,
) -> impl Future<Output = Result<T, JoinError>> {
    let at = here("shield");
    let is_over = handle.is_finished();
    let inner = Watched::new(vec![handle], false, |_, _, _| true);
    async move {
        // As with a handle: one that is over when it is given does not suspend.
        if !is_over {
            inner.released(None, at).await;
        }
        let handle = inner.into_handles().pop();
        end_of(handle.expect("one was given"))
    }
}
// ANCHOR_END: shield
