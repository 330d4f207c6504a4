//! A future in the clothes of chapter 1.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use generators::{Coroutine, CoroutineState};

// ANCHOR: as_coroutine
/// Drives a future as a coroutine: `Pending` is a yield of nothing, `Ready` is the end.
///
/// ```
/// use generators::{Coroutine, CoroutineState::*};
/// use std::task::Waker;
///
/// let mut coroutine = polling::AsCoroutine::new(polling::lift_off(1));
/// assert_eq!(coroutine.resume(Waker::noop()), Yielded(()));
/// assert_eq!(coroutine.resume(Waker::noop()), Complete("lift-off"));
/// ```
#[derive(Debug)]
pub struct AsCoroutine<F> {
    future: Pin<Box<F>>,
}

impl<F: Future> AsCoroutine<F> {
    /// The coroutine that `future` is.
    pub fn new(future: F) -> AsCoroutine<F> {
        AsCoroutine {
            future: Box::pin(future),
        }
    }
}

impl<F: Future> Coroutine<&Waker> for AsCoroutine<F> {
    type Yield = ();
    type Return = F::Output;

    fn resume(&mut self, waker: &Waker) -> CoroutineState<(), F::Output> {
        // hole: as-coroutine — poll the future with the waker that was sent (it is pinned already: lend that pin), and say the answer in chapter 1's words
        // tried by: as-coroutine, both
        // also: polling
        match self.future.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Pending => CoroutineState::Yielded(()),
            Poll::Ready(output) => CoroutineState::Complete(output),
        }
        // end hole
    }
}
// ANCHOR_END: as_coroutine
