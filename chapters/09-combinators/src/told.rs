//! A child that tells of its end by itself.
//!
//! A task that is there can be asked for a callback. A task that we spawn can do without: its future is ours, and tells
//! in its last poll, or when it is dropped. So a gather of a thousand futures queues one callback, and not a thousand.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use wakers::contained;

// ANCHOR: told
pin_project! {
    /// A future that tells what it came to: its value, or `None` if it is dropped before.
    pub(crate) struct Told<F: Future, T: FnOnce(Option<&F::Output>)> {
        #[pin]
        future: Option<F>,
        tell: Option<T>,
    }

    impl<F: Future, T: FnOnce(Option<&F::Output>)> PinnedDrop for Told<F, T> {
        fn drop(this: Pin<&mut Self>) {
            this.tell(None);
        }
    }
}

impl<F: Future, T: FnOnce(Option<&F::Output>)> Told<F, T> {
    pub(crate) fn new(future: F, tell: T) -> Told<F, T> {
        Told {
            future: Some(future),
            tell: Some(tell),
        }
    }

    /// After its future is gone, as with any task.
    fn tell(self: Pin<&mut Self>, value: Option<&F::Output>) {
        let mut this = self.project();
        contained("a task's destructor", || this.future.set(None));
        if let Some(tell) = this.tell.take() {
            tell(value);
        }
    }
}
// ANCHOR_END: told

impl<F: Future, T: FnOnce(Option<&F::Output>)> Future for Told<F, T> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let future = self.as_mut().project().future.as_pin_mut();
        let mut future = future.expect("a task is polled to its end, and not after it");
        // Through a reference: no line of this file is where a handle is awaited.
        let value = ready!(Pin::new(&mut future).poll(context));
        self.tell(Some(&value));
        Poll::Ready(value)
    }
}
