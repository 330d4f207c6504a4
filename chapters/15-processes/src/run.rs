//! `run`, ended by Ctrl-C.

use std::fmt;
use std::io;
use std::panic::resume_unwind;

use combinators::{Either, select};
use event_loop::Clock;
use signal_hook::consts::SIGINT;
use task_cell::{Executor, JoinError, promise, spawn_named, tasks};

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
        Ok(value) => Ok(Ok(value)),
        Err(JoinError::Cancelled) => Ok(Err(Interrupted)),
        Err(JoinError::Panicked(panic)) => match panic.into_payload() {
            Some(payload) => resume_unwind(payload),
            None => panic!("the future panicked"),
        },
    }
    // The executor is dropped here, and with it what a second Ctrl-C did not wait for.
}

// ANCHOR: watched
/// Runs `future` as a task, and cancels it when Ctrl-C comes; then whatever is left.
async fn watched<F>(future: F) -> io::Result<Result<F::Output, JoinError>>
where
    F: Future<Output: 'static> + 'static,
{
    let mut ctrl_c = signal(SIGINT)?;
    let mut main = spawn_named("main", future);
    let mut ended = or_ctrl_c(&mut main, &mut ctrl_c).await?;
    if ended.is_none() {
        main.cancel();
        ended = or_ctrl_c(&mut main, &mut ctrl_c).await?;
    }
    if ended.is_some() {
        let _second = or_ctrl_c(end_the_others(), &mut ctrl_c).await?;
    }
    Ok(ended.unwrap_or(Err(JoinError::Cancelled)))
}

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

// ANCHOR_END: watched

/// Cancels every other task at once, and waits until all have ended.
async fn end_the_others() {
    let others = tasks().into_iter().filter(|task| !task.is_root);
    let others: Vec<_> = others.map(|task| task.task).collect();
    for task in &others {
        task.cancel();
    }
    for task in others {
        let ended = promise();
        let told = ended.clone();
        task.on_end(move |_| told.set(()).unwrap_or_default());
        ended.await;
    }
}
