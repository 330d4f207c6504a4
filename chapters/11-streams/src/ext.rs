//! What every stream can do: be asked for its next item, and be changed into another stream.

use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use timers::{Elapsed, MissedTickBehavior, interval, timeout};

use crate::adapted::adapted;
use crate::in_flight::InFlight;
use crate::merge::{Merge, Zip};
use crate::prefetch::prefetch;
use crate::stream;

/// What every [`Stream`] can do.
///
/// It is named as the trait of the futures crate, and its methods as those there, so that one knows what they do. Who
/// imports both is told that a call is ambiguous: take one of the two.
///
/// ```
/// use streams::{StreamExt, iter};
///
/// polling::spin_on(async {
///     let even = iter(1..=10).filter(|n| n % 2 == 0).map(|n| n * n);
///     assert_eq!(even.take(3).collect::<Vec<_>>().await, [4, 16, 36]);
/// });
/// ```
pub trait StreamExt: Stream {
    /// Waits for the next item; `None` is the end. Dropped while it waits, it loses no item.
    ///
    /// `while let Some(item) = items.next().await` is what Python's `async for` is.
    ///
    /// A stream that may not be moved is pinned before: `let mut items = pin!(items);`.
    fn next(&mut self) -> Next<'_, Self>
    where
        Self: Unpin,
    {
        Next { stream: self }
    }

    /// Each item changed by `change`.
    fn map<T>(self, mut change: impl FnMut(Self::Item) -> T) -> impl Stream<Item = T>
    where
        Self: Sized,
    {
        adapted(self, move |items, context| {
            items.poll_next(context).map(|item| item.map(&mut change))
        })
    }

    /// Each item changed by `change`, which may wait; the next item is not asked for before it has.
    fn then<T>(
        self,
        mut change: impl AsyncFnMut(Self::Item) -> T,
    ) -> impl Stream<Item = T>
    where
        Self: Sized,
    {
        stream(async move |mut yields| {
            let mut items = pin!(self);
            while let Some(item) = items.next().await {
                yields.send(change(item).await).await;
            }
        })
    }

    /// The items that `keep` says yes to.
    fn filter(
        self,
        mut keep: impl FnMut(&Self::Item) -> bool,
    ) -> impl Stream<Item = Self::Item>
    where
        Self: Sized,
    {
        adapted(self, move |mut items, context| {
            loop {
                let item = ready!(items.as_mut().poll_next(context));
                if item.as_ref().is_none_or(&mut keep) {
                    return Poll::Ready(item);
                }
            }
        })
    }

    /// The first `count` items.
    fn take(self, mut count: usize) -> impl Stream<Item = Self::Item>
    where
        Self: Sized,
    {
        adapted(self, move |items, context| {
            if count == 0 {
                return Poll::Ready(None);
            }
            let item = ready!(items.poll_next(context));
            count -= 1;
            Poll::Ready(item)
        })
    }

    /// The items up to the first one that `keep` says no to, without that one.
    fn take_while(
        self,
        mut keep: impl FnMut(&Self::Item) -> bool,
    ) -> impl Stream<Item = Self::Item>
    where
        Self: Sized,
    {
        let mut over = false;
        adapted(self, move |items, context| {
            if over {
                return Poll::Ready(None);
            }
            let item = ready!(items.poll_next(context)).filter(&mut keep);
            over = item.is_none();
            Poll::Ready(item)
        })
    }

    /// Each item with its number, from 0.
    fn enumerate(self) -> impl Stream<Item = (usize, Self::Item)>
    where
        Self: Sized,
    {
        let mut numbers = 0..;
        self.map(move |item| (numbers.next().expect("a number for each"), item))
    }

    // ANCHOR: chunks
    /// The items in lists of `size` each; the last list may be shorter.
    ///
    /// # Panics
    ///
    /// If `size` is zero.
    #[track_caller]
    fn chunks(self, size: usize) -> impl Stream<Item = Vec<Self::Item>>
    where
        Self: Sized,
    {
        assert!(size > 0, "a chunk has at least one item");
        let (mut chunk, mut over) = (Vec::new(), false);
        adapted(self, move |mut items, context| {
            while chunk.len() < size && !over {
                match ready!(items.as_mut().poll_next(context)) {
                    Some(item) => chunk.push(item),
                    None => over = true,
                }
            }
            let whole = std::mem::take(&mut chunk);
            Poll::Ready(Some(whole).filter(|it| !it.is_empty()))
        })
    }
    // ANCHOR_END: chunks

    /// The items of both, as they come, each polled by a waker of its own. Whoever gave the last item is asked last.
    #[track_caller]
    fn merge<S: Stream<Item = Self::Item>>(self, other: S) -> Merge<Self, S>
    where
        Self: Sized,
    {
        Merge::new(self, other)
    }

    /// Pairs of an item of each. The end of either is the end.
    #[track_caller]
    fn zip<S: Stream>(self, other: S) -> Zip<Self, S>
    where
        Self: Sized,
    {
        Zip::new(self, other)
    }

    /// The same items, for which a task of its own asks before they are wanted: `limit` of them lie ready, one more is
    /// in the task's hands, and then it waits. So it is up to `limit` + 1 items ahead. The task is spawned when the first
    /// item is wanted, and aborted when this stream is dropped. A panic of the stream comes after the items that were
    /// before it.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[track_caller]
    fn prefetch(self, limit: usize) -> impl Stream<Item = Self::Item>
    where
        Self: Stream<Item: 'static> + Sized + 'static,
    {
        assert!(limit > 0, "at least one item is asked for ahead");
        stream(move |yields| prefetch(self, limit, yields))
    }

    /// Of a stream of futures, their values in the order of the stream. At most `limit` futures are awaited at once, or
    /// are over and wait for their turn. They are polled in place, each by a waker of its own, and only while an item is
    /// waited for.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[track_caller]
    fn buffered(self, limit: usize) -> InFlight<Self>
    where
        Self: Stream<Item: Future> + Sized,
    {
        InFlight::new(self, limit, true)
    }

    /// As [`buffered`](StreamExt::buffered), with the values in the order in which they come.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[track_caller]
    fn unordered(self, limit: usize) -> InFlight<Self>
    where
        Self: Stream<Item: Future> + Sized,
    {
        InFlight::new(self, limit, false)
    }

    // ANCHOR: throttle
    /// The same items, at least `period` apart: each waits until the one before it is so
    /// old.
    ///
    /// # Panics
    ///
    /// If `period` is zero.
    #[track_caller]
    fn throttle(self, period: Duration) -> impl Stream<Item = Self::Item>
    where
        Self: Sized,
    {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        stream(async move |mut yields| {
            // hole: throttle — each item waits for its tick; nothing is asked for meanwhile
            // tried by: pipeline
            // also: streams
            let mut items = pin!(self);
            while let Some(item) = items.next().await {
                ticks.tick().await;
                yields.send(item).await;
            }
            // end hole
        })
    }
    // ANCHOR_END: throttle

    /// Each item, or an `Err` each time it was waited for longer than `limit`. After that one may go on waiting: no
    /// item is lost.
    fn timeout_each(
        self,
        limit: Duration,
    ) -> impl Stream<Item = Result<Self::Item, Elapsed>>
    where
        Self: Sized,
    {
        stream(async move |mut yields| {
            let mut items = pin!(self);
            while let Some(item) = timeout(limit, items.next()).await.transpose() {
                yields.send(item).await;
            }
        })
    }

    /// Awaits `work` for each item, one after the other.
    fn for_each(self, mut work: impl AsyncFnMut(Self::Item)) -> impl Future<Output = ()>
    where
        Self: Sized,
    {
        async move {
            let mut items = pin!(self);
            while let Some(item) = items.next().await {
                work(item).await;
            }
        }
    }

    /// All items, in a collection.
    fn collect<C: Default + Extend<Self::Item>>(self) -> impl Future<Output = C>
    where
        Self: Sized,
    {
        self.fold(C::default(), |mut all, item| {
            all.extend([item]);
            all
        })
    }

    /// What `add` makes of `first` and all items, one after the other.
    fn fold<A>(
        self,
        first: A,
        mut add: impl FnMut(A, Self::Item) -> A,
    ) -> impl Future<Output = A>
    where
        Self: Sized,
    {
        async move {
            let (mut sum, mut items) = (first, pin!(self));
            while let Some(item) = items.next().await {
                sum = add(sum, item);
            }
            sum
        }
    }
}

impl<S: Stream + ?Sized> StreamExt for S {}

/// The future of [`StreamExt::next`].
///
/// ```
/// use streams::{StreamExt, iter};
///
/// let mut numbers = iter([7]);
/// let next = async { (numbers.next().await, numbers.next().await) };
/// assert_eq!(polling::spin_on(next).output, (Some(7), None));
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
// ANCHOR: next
pub struct Next<'s, S: ?Sized> {
    stream: &'s mut S,
}

impl<S: Stream + Unpin + ?Sized> Future for Next<'_, S> {
    type Output = Option<S::Item>;

    // What it holds may ask for the line of the `.await`: that of this one.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut *self.stream).poll_next(context)
    }
}
// ANCHOR_END: next

/// The items of an iterator, none of which is waited for. It draws on the task's budget, so that the others have their
/// turn.
///
/// ```
/// use streams::{StreamExt, iter};
///
/// let sum = polling::spin_on(iter([1, 2, 3]).fold(0, |sum, n| sum + n));
/// assert_eq!(sum.output, 6);
/// ```
#[track_caller]
pub fn iter<I: IntoIterator>(items: I) -> Iter<I::IntoIter> {
    Iter {
        items: items.into_iter(),
        location: Location::caller(),
    }
}

/// The stream of an iterator's items; made by [`iter`].
#[derive(Debug)]
pub struct Iter<I> {
    items: I,
    location: &'static Location<'static>,
}

impl<I> Unpin for Iter<I> {}

impl<I: Iterator> Stream for Iter<I> {
    type Item = I::Item;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<I::Item>> {
        if polling::spend(context).is_pending() {
            polling::suspended(self.location, "iter");
            return Poll::Pending;
        }
        Poll::Ready(self.items.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}
