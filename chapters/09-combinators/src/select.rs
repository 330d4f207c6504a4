//! The first of some futures that are polled in place, and which one it was.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use polling::{awaited_at, suspended};

use crate::boxed::awaited_again;
use crate::child::Child;
use crate::turns::Turns;

/// The value of one of two futures.
///
/// ```
/// use combinators::{Either, select};
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let first = select(async { 7 }, async { "seven" }).await;
///     assert_eq!(first, Either::Left(7));
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Either<A, B> {
    /// That of the first argument.
    Left(A),
    /// That of the second argument.
    Right(B),
}

impl<T> Either<T, T> {
    /// Whichever it is.
    pub(crate) fn either(self) -> T {
        match self {
            Either::Left(value) | Either::Right(value) => value,
        }
    }
}

/// Awaits two futures at once, in place, and gives the value of the first one that is ready; the other one is dropped
/// before that is reported.
///
/// They are polled in the given order at first, then in the order in which they are woken, each by a waker of its own.
/// A future that was dropped half-way has done half its work: lend one that must go on, as `&mut future`.
///
/// ```
/// use combinators::{Either, select};
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let mut trip = std::pin::pin!(async { sleep(Duration::from_secs(5)).await; "arrived" });
///     let mut ticks = 0;
///     let end = loop {
///         match select(trip.as_mut(), sleep(Duration::from_secs(2))).await {
///             Either::Left(end) => break end,
///             Either::Right(()) => ticks += 1,
///         }
///     };
///     assert_eq!((end, ticks), ("arrived", 2));
/// });
/// ```
#[track_caller]
pub fn select<A: IntoFuture, B: IntoFuture>(
    a: A,
    b: B,
) -> Select<A::IntoFuture, B::IntoFuture> {
    Select::new(
        a.into_future(),
        b.into_future(),
        "select",
        Location::caller(),
    )
}

// ANCHOR: select
pin_project! {
    /// The future of [`select`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Select<A: Future, B: Future> {
        #[pin]
        a: Child<A>,
        #[pin]
        b: Child<B>,
        over: bool,
        turns: Turns,
        why: &'static str,
        line: &'static Location<'static>,
    }
}
// ANCHOR_END: select

// ANCHOR: poll
impl<A: Future, B: Future> Future for Select<A, B> {
    type Output = Either<A::Output, B::Output>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if *this.over {
            awaited_again(this.why, this.line);
        }
        this.turns.begin(context);
        while let Some(place) = this.turns.next(2) {
            let is_ready = match place {
                0 => this.a.as_mut().poll(this.turns, place),
                _ => this.b.as_mut().poll(this.turns, place),
            };
            if is_ready {
                *this.over = true;
                this.a.as_mut().end();
                this.b.as_mut().end();
                let left = this.a.take().map(Either::Left);
                let first = left.or_else(|| this.b.take().map(Either::Right));
                return Poll::Ready(first.expect("one is ready"));
            }
        }
        suspended(awaited_at(this.line), this.why);
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<A: Future, B: Future> Select<A, B> {
    pub(crate) fn new(
        a: A,
        b: B,
        why: &'static str,
        line: &'static Location<'static>,
    ) -> Select<A, B> {
        Select {
            a: Child::new(a),
            b: Child::new(b),
            over: false,
            turns: Turns::default(),
            why,
            line,
        }
    }
}

/// Awaits all of `futures` at once, in place: the value of the first one that is ready, its index, and the others, in
/// their order.
///
/// As [`select`]. Each must be [`Unpin`], since the others are given back: pin them before, with `Box::pin` for
/// instance. Whoever goes on with the others polls them all anew: for many, take
/// [`as_completed`](crate::as_completed()), or `FuturesUnordered` of the futures crate.
///
/// ```
/// use combinators::select_all;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [2, 1, 3].map(|seconds| sleep(Duration::from_secs(seconds)));
///     let ((), index, rest) = select_all(trips).await;
///     assert_eq!((index, rest.len()), (1, 2));
/// });
/// ```
///
/// # Panics
///
/// If there is none: nothing would ever be ready.
#[track_caller]
pub fn select_all<F>(futures: impl IntoIterator<Item = F>) -> SelectAll<F>
where
    F: Future + Unpin,
{
    let futures: Vec<F> = futures.into_iter().collect();
    assert!(!futures.is_empty(), "select_all needs at least one future");
    SelectAll {
        futures,
        turns: Turns::default(),
        line: Location::caller(),
    }
}

/// The future of [`select_all`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct SelectAll<F> {
    /// Empty when it is over.
    futures: Vec<F>,
    turns: Turns,
    line: &'static Location<'static>,
}

impl<F: Future + Unpin> Future for SelectAll<F> {
    type Output = (F::Output, usize, Vec<F>);

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.futures.is_empty() {
            awaited_again("select_all", this.line);
        }
        this.turns.begin(context);
        while let Some(place) = this.turns.next(this.futures.len()) {
            let waker = this.turns.waker(place);
            let mut future = &mut this.futures[place];
            let polled = Pin::new(&mut future).poll(&mut Context::from_waker(waker));
            if let Poll::Ready(value) = polled {
                let mut rest = std::mem::take(&mut this.futures);
                let over = rest.remove(place);
                wakers::contained("a future's destructor", || drop(over));
                return Poll::Ready((value, place, rest));
            }
        }
        suspended(awaited_at(this.line), "select_all");
        Poll::Pending
    }
}

impl<F> Drop for SelectAll<F> {
    /// Each with care.
    fn drop(&mut self) {
        for future in self.futures.drain(..) {
            wakers::contained("a future's destructor", || drop(future));
        }
    }
}
