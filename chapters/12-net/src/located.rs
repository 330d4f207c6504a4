//! The line of whoever waits, for futures that are made of others.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// A future that waits at the line of its caller, wherever in it that is.
    pub(crate) struct Located<F> {
        location: &'static Location<'static>,
        why: &'static str,
        #[pin]
        future: F,
    }
}

/// `future`, made by a function for `why`: that was called at the line where this is. On an `async fn` the attribute
/// does nothing.
#[track_caller]
pub(crate) fn located<F: Future>(why: &'static str, future: F) -> Located<F> {
    let location = Location::caller();
    Located {
        location,
        why,
        future,
    }
}

impl<F: Future> Future for Located<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let polled = this.future.poll(context);
        if polled.is_pending() {
            polling::suspended(this.location, this.why);
        }
        polled
    }
}
