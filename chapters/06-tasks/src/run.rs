//! One future and its tasks, from beginning to end: asyncio's `run`.

use event_loop::Clock;
use timers::Timers;
use wakers::{Park, ThreadPark};

use crate::Executor;

/// Runs `future` on an executor of its own, with timers by `clock`. What is left of its tasks at the end is dropped.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// let sum = tasks::run(Clock::virtual_time(), async {
///     let two = tasks::spawn(async { sleep(Duration::from_secs(1)).await; 2 });
///     1 + two.await
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

/// [`run`] on an executor that waits as `park` does, whatever its layers are.
///
/// ```
/// assert_eq!(tasks::run_with(wakers::ThreadPark::new(), async { 1 + 2 }), 3);
/// ```
///
/// # Panics
///
/// As [`Executor::run_until_complete`].
#[track_caller]
pub fn run_with<P: Park, F: IntoFuture>(park: P, future: F) -> F::Output {
    Executor::new(park).run_until_complete(future)
}
