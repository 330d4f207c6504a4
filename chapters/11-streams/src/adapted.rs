//! A stream that is another one, polled differently.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

// ANCHOR: adapted
/// The stream whose `poll_next` is `poll`, which is given `items` to poll.
pub(crate) fn adapted<S, T, P>(items: S, poll: P) -> Adapted<S, P>
where
    P: FnMut(Pin<&mut S>, &mut Context<'_>) -> Poll<Option<T>>,
{
    Adapted { items, poll }
}

pin_project! {
    pub(crate) struct Adapted<S, P> {
        #[pin]
        items: S,
        poll: P,
    }
}

impl<S, T, P> Stream for Adapted<S, P>
where
    P: FnMut(Pin<&mut S>, &mut Context<'_>) -> Poll<Option<T>>,
{
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        (this.poll)(this.items, context)
    }
}
// ANCHOR_END: adapted
