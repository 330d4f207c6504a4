//! A child that is polled in place.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use wakers::contained;

use crate::turns::Turns;

// ANCHOR: child
pin_project! {
    /// A future that is polled in place, and dropped with care: as soon as it is ready, or with
    /// this. Its destructor's panic is reported, and takes nobody else's value along.
    pub(crate) struct Child<F: Future> {
        #[pin]
        future: Option<F>,
        output: Option<F::Output>,
    }

    impl<F: Future> PinnedDrop for Child<F> {
        fn drop(this: Pin<&mut Self>) {
            this.end();
        }
    }
}
// ANCHOR_END: child

impl<F: Future> Child<F> {
    pub(crate) fn new(future: F) -> Child<F> {
        Child {
            future: Some(future),
            output: None,
        }
    }

    // ANCHOR: poll
    /// Gives it its turn. True: it is ready, and was not before.
    pub(crate) fn poll(mut self: Pin<&mut Self>, turns: &Turns, place: usize) -> bool {
        let mut context = Context::from_waker(turns.waker(place));
        let this = self.as_mut().project();
        let Some(mut future) = this.future.as_pin_mut() else {
            // A late wake.
            return false;
        };
        // Through a reference: no line of this file is where a handle is awaited.
        match Pin::new(&mut future).poll(&mut context) {
            Poll::Ready(output) => {
                *this.output = Some(output);
                self.end();
                true
            }
            Poll::Pending => false,
        }
    }
    // ANCHOR_END: poll

    /// What it came to, once it is ready.
    pub(crate) fn take(self: Pin<&mut Self>) -> Option<F::Output> {
        self.project().output.take()
    }

    /// Drops it.
    pub(crate) fn end(self: Pin<&mut Self>) {
        let mut future = self.project().future;
        if future.is_some() {
            contained("a future's destructor", || future.set(None));
        }
    }
}
