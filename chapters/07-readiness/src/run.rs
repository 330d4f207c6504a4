//! The layers, one on the other.

use std::io;

use event_loop::Clock;
use tasks::Executor;
use timers::Timers;

use crate::Reactor;

// ANCHOR: run
/// Runs `future` with tasks, timers and sockets.
///
/// # Errors
///
/// If the operating system has no descriptors left for the reactor.
///
/// # Panics
///
/// As [`Executor::run_until_complete`].
#[track_caller]
pub fn run<F: Future>(clock: Clock, future: F) -> io::Result<F::Output> {
    let reactor = Reactor::new()?;
    Ok(Executor::new(Timers::new(reactor, clock)).run_until_complete(future))
}
// ANCHOR_END: run
