//! A loop with sockets, on chapter 8's tasks.

use std::io;

use event_loop::Clock;

/// Runs `future` with tasks, timers and sockets: [`task_cell::run_with`] on [`readiness::layers`].
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// let sum = net::run(Clock::virtual_time(), async {
///     timers::sleep(Duration::from_secs(3600)).await;
///     task_cell::spawn(async { 1 }).await.unwrap() + 2
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
/// As [`Executor::run_until_complete`](task_cell::Executor::run_until_complete).
#[track_caller]
pub fn run<F: IntoFuture>(clock: Clock, future: F) -> io::Result<F::Output> {
    Ok(task_cell::run_with(readiness::layers(clock)?, future))
}
