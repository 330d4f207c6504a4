//! One future and its tasks, from beginning to end: asyncio's `run`.

use std::panic::resume_unwind;
use std::pin::Pin;

use ::tasks::promise;
use event_loop::Clock;
use timers::Timers;
use wakers::{Park, ThreadPark};

use crate::{Executor, JoinError, TaskHandle};

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
    run_with(Timers::new(ThreadPark::new(), clock), future)
}

// ANCHOR: run-with
/// [`run`] on layers of your own: with sockets, for instance,
/// `run_with(readiness::layers(clock)?, future)`.
///
/// ```
/// use wakers::ThreadPark;
///
/// assert_eq!(task_cell::run_with(ThreadPark::new(), async { 42 }), 42);
/// ```
///
/// # Panics
///
/// As [`Executor::run_until_complete`].
#[track_caller]
pub fn run_with<P: Park, F: IntoFuture>(park: P, future: F) -> F::Output {
    let mut executor = Executor::new(park);
    let result = executor.try_run_until_complete(future);
    executor.cancel_all();
    or_panic(result)
}
// ANCHOR_END: run-with

/// What a run gives for how its future has ended: its output, or its panic goes on.
///
/// ```
/// assert_eq!(task_cell::or_panic(Ok(7)), 7);
/// ```
///
/// # Panics
///
/// With the future's panic, or because it was cancelled.
#[track_caller]
pub fn or_panic<T>(result: Result<T, JoinError>) -> T {
    match result {
        Ok(output) => output,
        Err(JoinError::Cancelled) => panic!("the future was cancelled: no result"),
        Err(JoinError::Panicked(panic)) => match panic.into_payload() {
            Some(payload) => resume_unwind(payload),
            None => panic!("the future panicked"),
        },
    }
}

// ANCHOR: cancelled
/// Cancels `tasks` at once, before any of them has another turn; the future is ready when
/// all of them have ended.
///
/// ```
/// use event_loop::Clock;
/// use task_cell::{cancelled, spawn};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let idle = [1, 2].map(|_| spawn(std::future::pending::<()>()));
///     cancelled(idle.iter().map(|it| it.task_handle()).collect()).await;
///     assert!(idle.iter().all(|it| it.is_cancelled()));
/// });
/// ```
pub fn cancelled(tasks: Vec<TaskHandle>) -> Pin<Box<dyn Future<Output = ()>>> {
    // hole: cancelled — cancel all of them first; then wait for each, by a callback that keeps a promise
    // tried by: leftovers
    // also: cell
    for task in &tasks {
        task.cancel();
    }
    Box::pin(async move {
        for task in tasks {
            let ended = promise();
            let told = ended.clone();
            task.on_end(move |_| told.set(()).unwrap_or_default());
            ended.await;
        }
    })
    // end hole
}
// ANCHOR_END: cancelled
