//! One future and its tasks, from beginning to end: asyncio's `run`.

use std::pin::Pin;

use event_loop::Clock;
use timers::Timers;
use wakers::ThreadPark;

use crate::Executor;
use crate::cancel;
use crate::promise::promise;
use crate::task::TaskRef;

/// Runs `future` on an executor of its own, with timers by `clock`. Tasks that are left at its end are cancelled, and
/// `run` returns when they have ended; what they spawn meanwhile is dropped.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// let sum = task_cell::run(Clock::virtual_time(), async {
///     let two = task_cell::spawn(async { sleep(Duration::from_secs(1)).await; 2 });
///     1 + two.await.unwrap()
/// });
/// assert_eq!(sum, 3);
/// ```
///
/// # Panics
///
/// As [`Executor::run_until_complete`].
#[track_caller]
pub fn run<F: IntoFuture>(clock: Clock, future: F) -> F::Output {
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    let result = executor.try_run_until_complete(future);
    executor.cancel_all();
    crate::root::or_panic(result)
}

// ANCHOR: cancelled
/// Cancels `tasks` at once, before any of them has another turn; the future is ready when
/// all of them have ended.
pub(crate) fn cancelled(tasks: Vec<TaskRef>) -> Pin<Box<dyn Future<Output = ()>>> {
    // hole: cancelled — cancel all of them first; then wait for each, by a callback that keeps a promise
    // tried by: leftovers
    // also: cell
    for task in &tasks {
        cancel::cancel(task);
    }
    Box::pin(async move {
        for task in tasks {
            if task.is_over() {
                continue;
            }
            let ended = promise();
            let told = ended.clone();
            task.with_extras(|extras| {
                // Asked at the task's end, when a clone of its result can be had, the
                // outer box makes the inner one, which is called in a turn of its own.
                extras.callbacks.push(Box::new(move |_| {
                    Box::new(move || {
                        let _first = told.set(());
                    })
                }));
            });
            ended.await;
        }
    })
    // end hole
}
// ANCHOR_END: cancelled
