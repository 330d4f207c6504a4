//! Two streams, polled in place, each by a waker of its own.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use combinators::Turns;
use futures_core::Stream;
use pin_project_lite::pin_project;
use polling::suspended;

// ANCHOR: side
pin_project! {
    /// A stream that is polled only when it was woken, or was not asked to wait.
    #[derive(Debug)]
    pub(crate) struct Side<S> {
        // Dropped at its end.
        #[pin]
        stream: Option<S>,
        waits: bool,
    }
}

impl<S: Stream> Side<S> {
    pub(crate) fn new(stream: S) -> Side<S> {
        Side {
            stream: Some(stream),
            waits: false,
        }
    }

    /// It is this one's turn.
    pub(crate) fn woken(self: Pin<&mut Self>) {
        *self.project().waits = false;
    }

    pub(crate) fn is_over(&self) -> bool {
        self.stream.is_none()
    }
    // ANCHOR_END: side

    // ANCHOR: poll-side
    /// Its next item. Its waker is that of `place`.
    pub(crate) fn poll(
        self: Pin<&mut Self>,
        turns: &Turns,
        place: usize,
    ) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        if *this.waits {
            return Poll::Pending;
        }
        let waker = turns.waker(place);
        let polled = stream.poll_next(&mut Context::from_waker(waker));
        *this.waits = polled.is_pending();
        let item = ready!(polled);
        if item.is_none() {
            this.stream.set(None);
        }
        Poll::Ready(item)
    }
    // ANCHOR_END: poll-side
}

// ANCHOR: merge
pin_project! {
    /// The items of two streams, as they come; made by [`merge`](crate::StreamExt::merge).
    pub struct Merge<A, B> {
        #[pin]
        first: Side<A>,
        #[pin]
        second: Side<B>,
        // Who is asked first.
        second_is_next: bool,
        turns: Turns,
        location: &'static Location<'static>,
    }
}
// ANCHOR_END: merge

// ANCHOR: poll-merge
impl<A: Stream, B: Stream<Item = A::Item>> Stream for Merge<A, B> {
    type Item = A::Item;

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<A::Item>> {
        let mut this = self.project();
        this.turns.begin(context);
        while let Some(place) = this.turns.next(2) {
            woken(place, this.first.as_mut(), this.second.as_mut());
        }
        for _ in 0..2 {
            let polled = match *this.second_is_next {
                false => this.first.as_mut().poll(this.turns, 0),
                true => this.second.as_mut().poll(this.turns, 1),
            };
            // Whoever has given something, or has nothing, lets the other go first.
            *this.second_is_next = !*this.second_is_next;
            if let Poll::Ready(Some(item)) = polled {
                return Poll::Ready(Some(item));
            }
        }
        if this.first.is_over() && this.second.is_over() {
            return Poll::Ready(None);
        }
        suspended(this.location, "merge");
        Poll::Pending
    }
}
// ANCHOR_END: poll-merge

impl<A: Stream, B: Stream> Merge<A, B> {
    #[track_caller]
    pub(crate) fn new(first: A, second: B) -> Merge<A, B> {
        Merge {
            first: Side::new(first),
            second: Side::new(second),
            second_is_next: false,
            turns: Turns::default(),
            location: Location::caller(),
        }
    }
}

/// Tells whoever has this place that it was woken.
fn woken<A: Stream, B: Stream>(
    place: usize,
    first: Pin<&mut Side<A>>,
    second: Pin<&mut Side<B>>,
) {
    match place {
        0 => first.woken(),
        _ => second.woken(),
    }
}

pin_project! {
    /// Pairs of an item of each of two streams; made by [`zip`](crate::StreamExt::zip).
    pub struct Zip<A: Stream, B: Stream> {
        #[pin]
        first: Side<A>,
        #[pin]
        second: Side<B>,
        // One that waits for the other's.
        of_first: Option<A::Item>,
        of_second: Option<B::Item>,
        turns: Turns,
        location: &'static Location<'static>,
    }
}

impl<A: Stream, B: Stream> Zip<A, B> {
    #[track_caller]
    pub(crate) fn new(first: A, second: B) -> Zip<A, B> {
        Zip {
            first: Side::new(first),
            second: Side::new(second),
            of_first: None,
            of_second: None,
            turns: Turns::default(),
            location: Location::caller(),
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
        this.turns.begin(context);
        while let Some(place) = this.turns.next(2) {
            woken(place, this.first.as_mut(), this.second.as_mut());
        }
        if this.of_first.is_none()
            && let Poll::Ready(item) = this.first.as_mut().poll(this.turns, 0)
        {
            *this.of_first = item;
        }
        if this.of_second.is_none()
            && let Poll::Ready(item) = this.second.as_mut().poll(this.turns, 1)
        {
            *this.of_second = item;
        }
        match (this.of_first.take(), this.of_second.take()) {
            (Some(first), Some(second)) => return Poll::Ready(Some((first, second))),
            (first, second) => (*this.of_first, *this.of_second) = (first, second),
        }
        // One of them has ended, and nothing of it is left for a pair.
        let first_is_over = this.first.is_over() && this.of_first.is_none();
        let second_is_over = this.second.is_over() && this.of_second.is_none();
        if first_is_over || second_is_over {
            return Poll::Ready(None);
        }
        suspended(this.location, "zip");
        Poll::Pending
    }
}
