//! The layers, one on the other.

use std::io;

use event_loop::Clock;
use timers::Timers;

use crate::Reactor;

/// What a loop waits with: timers by `clock`, and sockets. Any executor can stand on them.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// let layers = readiness::layers(Clock::virtual_time())?;
/// let mut executor = tasks::Executor::new(layers);
/// executor.run_until_complete(timers::sleep(Duration::from_secs(3600)));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptors left for the reactor.
// ANCHOR: run
pub fn layers(clock: Clock) -> io::Result<Timers<Reactor>> {
    Ok(Timers::new(Reactor::new()?, clock))
}

/// Runs `future` with tasks, timers and sockets: [`tasks::run_with`] on [`layers`].
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// let sum = readiness::run(Clock::virtual_time(), async {
///     timers::sleep(Duration::from_secs(3600)).await;
///     tasks::spawn(async { 1 }).await + 2
/// })?;
/// assert_eq!(sum, 3);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptors left for the reactor.
///
/// # Panics
///
/// As [`run_until_complete`](tasks::Executor::run_until_complete).
#[track_caller]
pub fn run<F: IntoFuture>(clock: Clock, future: F) -> io::Result<F::Output> {
    Ok(tasks::run_with(layers(clock)?, future))
}
// ANCHOR_END: run
