//! The first value of some futures that are polled in place.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use polling::{awaited_at, suspended};

use crate::boxed::awaited_again;
use crate::child::Child;
use crate::join::children;
use crate::select::{Either, Select};
use crate::turns::Turns;

/// [`select`](crate::select()) of two futures with values of the same type: that of the first one that is ready.
///
/// ```
/// use combinators::race;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let slow = async { sleep(Duration::from_secs(2)).await; "slow" };
///     let quick = async { sleep(Duration::from_secs(1)).await; "quick" };
///     assert_eq!(race(slow, quick).await, "quick");
/// });
/// ```
#[track_caller]
pub fn race<A, B>(a: A, b: B) -> Race<A::IntoFuture, B::IntoFuture>
where
    A: IntoFuture,
    B: IntoFuture<Output = A::Output>,
{
    let (a, b) = (a.into_future(), b.into_future());
    Race {
        select: Select::new(a, b, "race", Location::caller()),
    }
}

pin_project! {
    /// The future of [`race`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Race<A: Future, B: Future> {
        #[pin]
        select: Select<A, B>,
    }
}

impl<A: Future, B: Future<Output = A::Output>> Future for Race<A, B> {
    type Output = A::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<A::Output> {
        self.project().select.poll(context).map(Either::either)
    }
}

/// Awaits all of `futures` at once, in place: the value of the first one that is ready. The others are dropped before
/// that is reported.
///
/// Waking one of a thousand polls one.
///
/// ```
/// use combinators::race_all;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [2, 1, 3].map(|seconds| async move {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     });
///     assert_eq!(race_all(trips).await, 1);
/// });
/// ```
///
/// # Panics
///
/// If there is none: nothing would ever be ready.
#[track_caller]
pub fn race_all<F: IntoFuture>(
    futures: impl IntoIterator<Item = F>,
) -> RaceAll<F::IntoFuture> {
    let children = children(futures);
    assert!(!children.is_empty(), "race_all needs at least one future");
    RaceAll {
        children,
        turns: Turns::default(),
        line: Location::caller(),
    }
}

/// The future of [`race_all`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct RaceAll<F: Future> {
    /// Empty when it is over.
    children: Vec<Pin<Box<Child<F>>>>,
    turns: Turns,
    line: &'static Location<'static>,
}

// The children do not move with it, and nothing else is pinned.
impl<F: Future> Unpin for RaceAll<F> {}

impl<F: Future> Future for RaceAll<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        if this.children.is_empty() {
            awaited_again("race_all", this.line);
        }
        this.turns.begin(context);
        while let Some(place) = this.turns.next(this.children.len()) {
            if this.children[place].as_mut().poll(&this.turns, place) {
                let first = this.children[place].as_mut().take();
                this.children.clear();
                return Poll::Ready(first.expect("it is ready"));
            }
        }
        suspended(awaited_at(this.line), "race_all");
        Poll::Pending
    }
}
