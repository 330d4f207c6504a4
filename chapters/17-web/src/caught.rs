//! A handler that panics is not the end of its connection.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A boxed future of this thread.
pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// A future whose panic is a value.
pub(crate) struct Caught<T>(pub(crate) Boxed<T>);

impl<T> Future for Caught<T> {
    type Output = Result<T, Box<dyn Any + Send>>;

    // ANCHOR: caught
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // It is not polled again after a panic, so nobody sees what that left half done.
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
    // ANCHOR_END: caught
}
