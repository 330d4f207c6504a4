//! All values of some futures that are polled in place.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use polling::{awaited_at, suspended};

use crate::boxed::awaited_again;
use crate::child::Child;
use crate::turns::Turns;

/// Awaits two futures at once, in place: no task is spawned, so they may borrow.
///
/// Each has a waker of its own, and is polled only when it was woken. They are dropped with this; a value that came
/// before is lost then. If one of them panics, so does this.
///
/// If the task is cancelled, the scopes of all of them are asked together, and the first that resumes ends the task with
/// all others: what must clean up side by side (two gathers, say) needs a task for each.
///
/// ```
/// use combinators::join;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let text = String::from("seven");
///     let slow = async { sleep(Duration::from_secs(1)).await; 7 };
///     assert_eq!(join(slow, async { text.len() }).await, (7, 5));
///     assert_eq!(now().as_secs(), 1);
/// });
/// ```
#[track_caller]
pub fn join<A: IntoFuture, B: IntoFuture>(
    a: A,
    b: B,
) -> Join<A::IntoFuture, B::IntoFuture> {
    Join {
        a: Child::new(a.into_future()),
        b: Child::new(b.into_future()),
        left: 2,
        turns: Turns::default(),
        line: Location::caller(),
    }
}

// ANCHOR: join
pin_project! {
    /// The future of [`join`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Join<A: Future, B: Future> {
        #[pin]
        a: Child<A>,
        #[pin]
        b: Child<B>,
        left: usize,
        turns: Turns,
        line: &'static Location<'static>,
    }
}
// ANCHOR_END: join

// ANCHOR: poll
impl<A: Future, B: Future> Future for Join<A, B> {
    type Output = (A::Output, B::Output);

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        this.turns.begin(context);
        while let Some(place) = this.turns.next(2) {
            let is_ready = match place {
                0 => this.a.as_mut().poll(this.turns, place),
                _ => this.b.as_mut().poll(this.turns, place),
            };
            *this.left -= usize::from(is_ready);
        }
        if *this.left > 0 {
            suspended(awaited_at(this.line), "join");
            return Poll::Pending;
        }
        match (this.a.take(), this.b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            _ => awaited_again("join", this.line),
        }
    }
}
// ANCHOR_END: poll

/// Awaits all of `futures` at once, in place, and gives their values in the same order; otherwise as [`join`].
///
/// Waking one of a thousand polls one.
///
/// ```
/// use combinators::join_all;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [2, 1, 3].map(|seconds| async move {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     });
///     assert_eq!(join_all(trips).await, [2, 1, 3]);
///     assert_eq!(now().as_secs(), 3);
/// });
/// ```
#[track_caller]
pub fn join_all<F: IntoFuture>(
    futures: impl IntoIterator<Item = F>,
) -> JoinAll<F::IntoFuture> {
    let children = children(futures);
    JoinAll {
        left: children.len(),
        children,
        turns: Turns::default(),
        line: Location::caller(),
    }
}

/// Each in a place where it stays.
pub(crate) fn children<F: IntoFuture>(
    futures: impl IntoIterator<Item = F>,
) -> Vec<Pin<Box<Child<F::IntoFuture>>>> {
    let children = futures.into_iter();
    let pinned = children.map(|it| Box::pin(Child::new(it.into_future())));
    pinned.collect()
}

// ANCHOR: join-all
/// The future of [`join_all`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct JoinAll<F: Future> {
    children: Vec<Pin<Box<Child<F>>>>,
    left: usize,
    turns: Turns,
    line: &'static Location<'static>,
}
// ANCHOR_END: join-all

// The children do not move with it, and nothing else is pinned.
impl<F: Future> Unpin for JoinAll<F> {}

// ANCHOR: join-all-poll
impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.turns.begin(context);
        while let Some(place) = this.turns.next(this.children.len()) {
            let is_ready = this.children[place].as_mut().poll(&this.turns, place);
            this.left -= usize::from(is_ready);
        }
        if this.left > 0 {
            suspended(awaited_at(this.line), "join_all");
            return Poll::Pending;
        }
        let values = this.children.iter_mut().map(|it| it.as_mut().take());
        let values = values.collect::<Option<Vec<_>>>();
        match values {
            Some(values) => Poll::Ready(values),
            None => awaited_again("join_all", this.line),
        }
    }
}
// ANCHOR_END: join-all-poll
