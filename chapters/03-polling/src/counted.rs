//! How often is it polled? A future that counts.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// How often a [`Counted`] future has been polled so far.
///
/// ```
/// let (future, polls) = polling::counted(polling::lift_off(0));
/// assert_eq!(polls.get(), 0);
/// polling::spin_on(future);
/// assert_eq!(polls.get(), 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Polls(Rc<Cell<u64>>);

impl Polls {
    /// The number.
    pub fn get(&self) -> u64 {
        self.0.get()
    }
}

/// A future that counts how often it is polled, and is otherwise the one it was made of.
///
/// ```
/// let (future, polls) = polling::counted(polling::lift_off(2));
/// polling::spin_on(future);
/// assert_eq!(polls.get(), 3);
/// ```
pub fn counted<F: Future>(future: F) -> (Counted<F>, Polls) {
    let polls = Polls::default();
    (
        Counted {
            future: Box::pin(future),
            polls: polls.clone(),
        },
        polls,
    )
}

// ANCHOR: counted
/// The future of [`counted`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Counted<F> {
    future: Pin<Box<F>>,
    polls: Polls,
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.polls.0.set(self.polls.0.get() + 1);
        self.future.as_mut().poll(context)
    }
}
// ANCHOR_END: counted
