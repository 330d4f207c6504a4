//! `run`, ended by Ctrl-C.

use std::fmt;
use std::io;

use combinators::{Either, select};
use event_loop::Clock;
use signal_hook::consts::SIGINT;
use task_cell::{Executor, JoinError, cancelled, or_panic, spawn_named, tasks};

use crate::signal::{Signal, signal};

/// Ctrl-C has ended the run.
///
/// A shell expects status 130 of a program that ended so: 128, and the signal's number.
///
/// ```
/// assert_eq!(processes::Interrupted.to_string(), "interrupted by Ctrl-C");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted by Ctrl-C")
    }
}

impl std::error::Error for Interrupted {}

/// Runs `future` with tasks, timers, sockets and threads, as [`threads::run`] does, and lets Ctrl-C end it in good order.
///
/// The first Ctrl-C cancels the future, as `asyncio.run` does since Python 3.11: it may clean up, and so may the tasks
/// that are left, which are cancelled after it. With the second, nobody is waited for any more: whatever is left is dropped.
/// A future that is cancelled by Ctrl-C and returns a value all the same has the last word: the value is returned.
///
/// ```
/// use event_loop::Clock;
/// use processes::{Interrupted, SIGINT, raise};
///
/// let ended = processes::run(Clock::real(), async {
///     raise(SIGINT)?;
///     std::future::pending::<std::io::Result<()>>().await
/// })?;
/// assert_eq!(ended.unwrap_err(), Interrupted);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptors left for the reactor or the signal.
///
/// # Panics
///
/// If `future` panics or is cancelled by somebody else, and as
/// [`run_until_complete`](task_cell::Executor::run_until_complete).
#[track_caller]
pub fn run<F>(clock: Clock, future: F) -> io::Result<Result<F::Output, Interrupted>>
where
    F: IntoFuture<Output: 'static, IntoFuture: 'static>,
{
    let mut executor = Executor::new(threads::layers(clock)?);
    match executor.run_until_complete(watched(future.into_future()))? {
        Some(ended) => Ok(Ok(or_panic(ended))),
        None => Ok(Err(Interrupted)),
    }
    // The executor is dropped here, and with it what a second Ctrl-C did not wait for.
}

// ANCHOR: watched
/// Runs `future` as a task, and cancels it when Ctrl-C comes; then whatever is left. How
/// the future ended; none if that was Ctrl-C's doing.
async fn watched<F>(future: F) -> io::Result<Option<Result<F::Output, JoinError>>>
where
    F: Future<Output: 'static> + 'static,
{
    let mut ctrl_c = signal(SIGINT)?;
    let mut main = spawn_named("main", future);
    let mut ended = or_ctrl_c(&mut main, &mut ctrl_c).await?;
    if ended.is_none() {
        main.cancel();
        ended = or_ctrl_c(&mut main, &mut ctrl_c).await?;
        if ended.is_none() {
            return Ok(None); // The second one.
        }
        ended = ended.filter(|end| !matches!(end, Err(JoinError::Cancelled)));
    }
    let others = tasks().into_iter().filter(|task| !task.is_root);
    let others = cancelled(others.map(|task| task.task).collect());
    let _left_if_none = or_ctrl_c(others, &mut ctrl_c).await?;
    Ok(ended)
}
// ANCHOR_END: watched

// ANCHOR: or-ctrl-c
/// What `future` gives; none if Ctrl-C is faster.
async fn or_ctrl_c<F: IntoFuture>(
    future: F,
    ctrl_c: &mut Signal,
) -> io::Result<Option<F::Output>> {
    match select(future, ctrl_c.recv()).await {
        Either::Left(value) => Ok(Some(value)),
        Either::Right(received) => received.map(|()| None),
    }
}
// ANCHOR_END: or-ctrl-c
