//! Two streams, polled in place.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;

// ANCHOR: merge
pin_project! {
    /// The items of two streams, as they come; made by [`merge`](crate::StreamExt::merge).
    #[derive(Debug)]
    pub struct Merge<A, B> {
        #[pin]
        first: Option<A>,
        #[pin]
        second: Option<B>,
        // Who is asked first.
        second_is_next: bool,
    }
}

impl<A: Stream, B: Stream<Item = A::Item>> Stream for Merge<A, B> {
    type Item = A::Item;

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<A::Item>> {
        let mut this = self.project();
        for _ in 0..2 {
            let is_second = *this.second_is_next;
            let polled = match is_second {
                false => poll_some(this.first.as_mut(), context),
                true => poll_some(this.second.as_mut(), context),
            };
            // Whoever has given something, or has nothing, lets the other go first.
            *this.second_is_next = !is_second;
            if let Poll::Ready(Some(item)) = polled {
                return Poll::Ready(Some(item));
            }
        }
        match this.first.is_none() && this.second.is_none() {
            true => Poll::Ready(None),
            false => Poll::Pending,
        }
    }
}

/// Polls a stream unless it is over; then it is dropped.
fn poll_some<S: Stream>(
    mut stream: Pin<&mut Option<S>>,
    context: &mut Context<'_>,
) -> Poll<Option<S::Item>> {
    let Some(running) = stream.as_mut().as_pin_mut() else {
        return Poll::Ready(None);
    };
    let item = ready!(running.poll_next(context));
    if item.is_none() {
        stream.set(None);
    }
    Poll::Ready(item)
}
// ANCHOR_END: merge

impl<A, B> Merge<A, B> {
    pub(crate) fn new(first: A, second: B) -> Merge<A, B> {
        Merge {
            first: Some(first),
            second: Some(second),
            second_is_next: false,
        }
    }
}

pin_project! {
    /// Pairs of an item of each of two streams; made by [`zip`](crate::StreamExt::zip).
    #[derive(Debug)]
    pub struct Zip<A: Stream, B: Stream> {
        #[pin]
        first: Option<A>,
        #[pin]
        second: Option<B>,
        // One that waits for the other's.
        of_first: Option<A::Item>,
        of_second: Option<B::Item>,
    }
}

impl<A: Stream, B: Stream> Zip<A, B> {
    pub(crate) fn new(first: A, second: B) -> Zip<A, B> {
        Zip {
            first: Some(first),
            second: Some(second),
            of_first: None,
            of_second: None,
        }
    }
}

impl<A: Stream, B: Stream> Stream for Zip<A, B> {
    type Item = (A::Item, B::Item);

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        if this.of_first.is_none()
            && let Poll::Ready(item) = poll_some(this.first.as_mut(), context)
        {
            *this.of_first = item;
        }
        if this.of_second.is_none()
            && let Poll::Ready(item) = poll_some(this.second.as_mut(), context)
        {
            *this.of_second = item;
        }
        match (this.of_first.take(), this.of_second.take()) {
            (Some(first), Some(second)) => return Poll::Ready(Some((first, second))),
            (first, second) => (*this.of_first, *this.of_second) = (first, second),
        }
        // One of them has ended, and nothing of it is left for a pair.
        let first_is_over = this.first.is_none() && this.of_first.is_none();
        let second_is_over = this.second.is_none() && this.of_second.is_none();
        match first_is_over || second_is_over {
            true => Poll::Ready(None),
            false => Poll::Pending,
        }
    }
}
