//! The busy loop: polls until the future is ready, and never sleeps.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

// ANCHOR: spun
/// What [`spin_on`] found out.
///
/// ```
/// let polling::Spun { output, polls } = polling::spin_on(polling::lift_off(3));
/// assert_eq!((output, polls), ("lift-off", 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spun<T> {
    /// What the future gave.
    pub output: T,
    /// How often it was polled.
    pub polls: u64,
}
// ANCHOR_END: spun

// ANCHOR: spin
/// Polls `future` until it is ready, and counts.
///
/// The thread does nothing else, and the processor is busy all the time: this is the loop
/// that the next chapters take apart.
///
/// ```
/// let spun = polling::spin_on(async { 1 + 2 });
/// assert_eq!(spun, polling::Spun { output: 3, polls: 1 });
/// ```
#[track_caller]
pub fn spin_on<F: Future>(future: F) -> Spun<F::Output> {
    let _traced = trace::loop_of_one();
    let traced = trace::Task::spawned(format_args!("future-"), trace::here());
    let future = trace::followed(traced, future);
    // hole: spin — poll until ready, and count the polls
    // tried by: busy, by-hand
    // also: polling
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Spun { output, polls };
        }
    }
    // end hole
}
// ANCHOR_END: spin
