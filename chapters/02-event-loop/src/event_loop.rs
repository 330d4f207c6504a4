//! The loop: who is next, wait, resume, again.

use generators::{Coroutine, CoroutineState};

use crate::{Clock, Time, TimeHeap};

// ANCHOR: struct
/// Drives coroutines that yield the moment at which they want to be resumed, and are then
/// sent the present moment.
///
/// ```
/// use event_loop::{Clock, EventLoop, Fleet};
///
/// let mut night = EventLoop::new(Clock::virtual_time());
/// for taxi in Fleet::of(100, 7).taxis() {
///     assert_eq!(night.start(taxi), None); // Each has to wait.
/// }
/// assert!(night.run().as_secs() > 60);
/// ```
#[derive(Debug)]
pub struct EventLoop<C> {
    clock: Clock,
    waiting: TimeHeap<C>,
}
// ANCHOR_END: struct

impl<C: Coroutine<Time, Yield = Time>> EventLoop<C> {
    /// A loop with nobody to drive.
    pub fn new(clock: Clock) -> EventLoop<C> {
        EventLoop {
            clock,
            waiting: TimeHeap::new(),
        }
    }

    // ANCHOR: start
    /// Primes `coroutine`: runs it up to its first yield. If it ends before, its result
    /// comes back.
    #[track_caller]
    pub fn start(&mut self, coroutine: C) -> Option<C::Return> {
        trace::coroutine_started(trace::here());
        self.resume(coroutine)
    }

    /// Resumes `coroutine` and puts it back, to wait for the moment that it names. If it is
    /// over, its result comes back.
    fn resume(&mut self, mut coroutine: C) -> Option<C::Return> {
        let traced = trace::coroutine_due();
        traced.polled();
        match coroutine.resume(self.clock.now()) {
            CoroutineState::Yielded(deadline) => {
                self.waiting.push(deadline.max(self.clock.now()), coroutine);
                traced.pending();
                None
            }
            CoroutineState::Complete(result) => {
                traced.finished();
                Some(result)
            }
        }
    }
    // ANCHOR_END: start

    // ANCHOR: run
    /// Resumes each coroutine at its time until all are over, and returns how long that
    /// took.
    ///
    /// A coroutine that asks for a moment that has passed is resumed after those already
    /// due, and the clock does not go back.
    pub fn run(&mut self) -> Time {
        trace::clock_is(self.clock.is_virtual(), self.clock.now().as_nanos());
        let _traced = trace::loop_started();
        // hole: run — take the earliest, wait for its time, resume it (which puts it back)
        // tried by: taxi, late, report
        while let Some((deadline, coroutine)) = self.waiting.pop() {
            self.clock.wait_until(deadline);
            self.resume(coroutine);
        }
        self.clock.now()
        // end hole
    }
    // ANCHOR_END: run
}
