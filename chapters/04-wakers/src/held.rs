//! The future that a loop was asked to drive, and its end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::contained;

// ANCHOR: held
/// A future that is dropped with care: as soon as it is ready, or when this is dropped. A
/// destructor's panic is reported, and does not take the result with it.
///
/// ```
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// let mut context = Context::from_waker(Waker::noop());
/// let future = pin!(Some(async { "lift-off" }));
/// let mut held = wakers::Held(future);
/// assert_eq!(held.poll(&mut context), Poll::Ready("lift-off"));
/// assert_eq!(held.poll(&mut context), Poll::Pending); // It is gone.
/// ```
pub struct Held<'f, F>(pub Pin<&'f mut Option<F>>);

impl<F: Future> Held<'_, F> {
    /// Polls it. When it is over, that is `Pending`.
    #[inline]
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<F::Output> {
        let Some(mut future) = self.0.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        // Through a reference: a handle would take this line for that of its `.await`.
        let output = ready!(Pin::new(&mut future).poll(context));
        self.end();
        Poll::Ready(output)
    }
}

impl<F> Held<'_, F> {
    fn end(&mut self) {
        contained("a task's destructor", || self.0.set(None));
    }
}

impl<F> Drop for Held<'_, F> {
    fn drop(&mut self) {
        self.end();
    }
}
// ANCHOR_END: held
