//! An asynchronous generator: a body that sends items, and a stream that gives them.
//!
//! Chapter 1 wrote a generator by hand, since stable Rust has no `yield`. It has `async`, whose bodies stop too, but
//! hand over nothing where they do. So the item takes another way out: it is put into a *slot* that body and stream
//! share, just before the body stops.
//!
//! The crate `async-stream` does the same with macros: its slot is a local variable of `poll_next`, which a thread-local
//! points to while the body is polled. That saves the shared allocation, and costs `unsafe` code for the pointer, and a
//! second poll's worth of care for a `yield` that belongs to another stream. What its `yield` becomes is our `send`.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::task::{Context, Poll, RawWakerVTable, Waker, ready};

use futures_core::{FusedStream, Stream};
use polling::{spend, suspended};
use wakers::contained;

/// Makes a stream of what `body` sends. The body runs only while somebody waits for the next item, and stops again at
/// each [`send`](Yields::send); the stream ends when the body does.
///
/// What it costs: two allocations when it is made (the body, so that the stream can be moved, and the slot), and none
/// for an item.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use streams::{StreamExt, stream};
/// use timers::{now, sleep};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let mut ticks = stream(async |mut yields| {
///         for tick in 0..3 {
///             yields.send(tick).await;
///             sleep(Duration::from_secs(1)).await;
///         }
///     });
///     while let Some(tick) = ticks.next().await {
///         assert_eq!(now().as_secs(), tick);
///     }
///     // The body slept once more before it ended.
///     assert_eq!(now().as_secs(), 3);
/// });
/// ```
pub fn stream<T, F, B>(body: F) -> Generator<T, B>
where
    F: FnOnce(Yields<T>) -> B,
    B: Future<Output = ()>,
{
    Generator(Running::new(body))
}

/// As [`stream`], for a body with `?` in it: its items are `Ok`, and the error that ends it is the last one.
///
/// ```
/// use streams::{StreamExt, try_stream};
///
/// let mut numbers = try_stream(async |mut yields| {
///     for text in ["7", "8", "nine", "10"] {
///         yields.send(text.parse::<u32>()?).await;
///     }
///     Ok::<_, std::num::ParseIntError>(())
/// });
/// polling::spin_on(async {
///     assert_eq!(numbers.next().await, Some(Ok(7)));
///     assert_eq!(numbers.next().await, Some(Ok(8)));
///     assert!(numbers.next().await.unwrap().is_err());
///     assert_eq!(numbers.next().await, None);
/// });
/// ```
pub fn try_stream<T, E, F, B>(body: F) -> TryGenerator<T, E, B>
where
    F: FnOnce(Yields<T>) -> B,
    B: Future<Output = Result<(), E>>,
{
    TryGenerator(Running::new(body))
}

// ANCHOR: slot
/// What a generator's body and its stream share.
struct Slot<T> {
    /// Sent, and not taken yet. It is taken as soon as the body stops.
    item: Cell<Option<T>>,
    /// Who polls the body, and so whether anybody does.
    polled_by: Cell<Option<Poller>>,
    /// Of a send that waits for the next poll, and will be reached only if this is woken.
    sender: Cell<Option<Waker>>,
}

/// Which waker it is. It is compared, and never used.
#[derive(Clone, Copy, PartialEq)]
struct Poller(*const (), *const RawWakerVTable);
// ANCHOR_END: slot

impl Poller {
    fn of(context: &Context<'_>) -> Poller {
        let waker = context.waker();
        Poller(waker.data(), ptr::from_ref(waker.vtable()))
    }
}

/// The body's end of a stream, where it sends its items; made by [`stream`] and [`try_stream`].
pub struct Yields<T> {
    slot: Rc<Slot<T>>,
}

impl<T> fmt::Debug for Yields<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yields").finish_non_exhaustive()
    }
}

impl<T> Yields<T> {
    /// Gives `item` to whoever waits for the stream's next one, and stops until the one after that is wanted.
    ///
    /// No item is lost: from the first poll on it is the consumer's, even if this future is dropped then. Dropped
    /// before, nobody gets it.
    ///
    /// # Panics
    ///
    /// When it is awaited anywhere but in its generator's body: in another task, or after the end of the stream.
    #[track_caller]
    pub fn send(&mut self, item: T) -> Send<'_, T> {
        Send {
            slot: &self.slot,
            item: Some(item),
            location: Location::caller(),
        }
    }
}

/// The future of [`Yields::send`].
#[must_use = "a future does nothing unless it is awaited"]
// ANCHOR: send
pub struct Send<'y, T> {
    slot: &'y Slot<T>,
    /// Until it is in the slot.
    item: Option<T>,
    location: &'static Location<'static>,
}

impl<T> Unpin for Send<'_, T> {}

impl<T> Future for Send<'_, T> {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let slot = self.slot;
        let poller = slot.polled_by.get();
        assert!(
            poller.is_some(),
            "{OUTSIDE} (send called at {})",
            self.location
        );
        let full = slot.item.take();
        if full.is_none() && self.item.is_none() {
            // The item was taken, and the next one is wanted.
            return self.give_way(context);
        }
        slot.item.set(full.or_else(|| self.item.take()));
        // Whoever polls the body polls this too, unless something between them has wakers
        // of its own, such as a `join`.
        if poller != Some(Poller::of(context)) {
            slot.wake_later(context.waker().clone());
        }
        Poll::Pending
    }
}
// ANCHOR_END: send

const OUTSIDE: &str = "only a generator's own body can send its items; from elsewhere, send them through a channel";

impl<T> Send<'_, T> {
    /// Ready, unless the task has had its turn: a body that never waits must not keep the others from theirs.
    fn give_way(&self, context: &Context<'_>) -> Poll<()> {
        let turn = spend(context);
        if turn.is_pending() {
            suspended(self.location, "send");
        }
        turn
    }
}

impl<T> Slot<T> {
    /// Has `waker` woken before the body is polled for the next item.
    fn wake_later(&self, waker: Waker) {
        let old = self.sender.replace(Some(waker));
        contained("a waker", || drop(old));
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let waker = self.sender.take();
        contained("a waker", || drop(waker));
    }
}

/// A body, as long as it runs, and the way to its items.
struct Running<T, B: Future> {
    slot: Rc<Slot<T>>,
    /// `None`: it has ended, or panicked. Not in a poll: it is out then.
    body: Option<Pin<Box<B>>>,
    /// What it ended with, until that is told.
    end: Option<B::Output>,
}

/// What a body has come to.
enum Step<T, R> {
    Item(T),
    End(R),
    /// The end was told before.
    Over,
}

impl<T, B: Future> Running<T, B> {
    fn new(body: impl FnOnce(Yields<T>) -> B) -> Running<T, B> {
        let slot = Rc::new(Slot {
            item: Cell::new(None),
            polled_by: Cell::new(None),
            sender: Cell::new(None),
        });
        let yields = Yields {
            slot: Rc::clone(&slot),
        };
        Running {
            slot,
            body: Some(Box::pin(body(yields))),
            end: None,
        }
    }

    // ANCHOR: step
    /// Runs the body until it has sent something, waits for something, or is over.
    fn step(&mut self, context: &mut Context<'_>) -> Poll<Step<T, B::Output>> {
        let Some(mut body) = self.body.take() else {
            let end = self.end.take();
            return Poll::Ready(end.map_or(Step::Over, Step::End));
        };
        let sender = self.slot.sender.take();
        sender.map(|waker| contained("a waker", || waker.wake()));
        let polled = {
            let _polling = Polling::begin(&self.slot.polled_by, context);
            body.as_mut().poll(context)
        };
        let sent = self.slot.item.take();
        match polled {
            Poll::Pending => self.body = Some(body),
            Poll::Ready(end) => self.end = Some(end),
        }
        match sent {
            // If the body is over too, that is told after the item.
            Some(item) => Poll::Ready(Step::Item(item)),
            None => self
                .end
                .take()
                .map_or(Poll::Pending, |end| Poll::Ready(Step::End(end))),
        }
    }
    // ANCHOR_END: step

    fn is_over(&self) -> bool {
        self.body.is_none() && self.end.is_none()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.is_over().then_some(0))
    }
}

/// The body is polled until this is dropped.
struct Polling<'s>(&'s Cell<Option<Poller>>);

impl Polling<'_> {
    fn begin<'s>(by: &'s Cell<Option<Poller>>, context: &Context<'_>) -> Polling<'s> {
        by.set(Some(Poller::of(context)));
        Polling(by)
    }
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// The items that a body sends; made by [`stream`].
///
/// After the end, and after a panic of the body, there are no more.
pub struct Generator<T, B: Future<Output = ()>>(Running<T, B>);

// It is the body that must not be moved, and that is in a box.
impl<T, B: Future<Output = ()>> Unpin for Generator<T, B> {}

impl<T, B: Future<Output = ()>> Stream for Generator<T, B> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        Poll::Ready(match ready!(self.0.step(context)) {
            Step::Item(item) => Some(item),
            Step::End(()) | Step::Over => None,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T, B: Future<Output = ()>> FusedStream for Generator<T, B> {
    fn is_terminated(&self) -> bool {
        self.0.is_over()
    }
}

impl<T, B: Future<Output = ()>> fmt::Debug for Generator<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator")
            .field("over", &self.0.is_over())
            .finish_non_exhaustive()
    }
}

/// The items that a body sends, and the error that ends it; made by [`try_stream`].
pub struct TryGenerator<T, E, B: Future<Output = Result<(), E>>>(Running<T, B>);

impl<T, E, B: Future<Output = Result<(), E>>> Unpin for TryGenerator<T, E, B> {}

impl<T, E, B: Future<Output = Result<(), E>>> Stream for TryGenerator<T, E, B> {
    type Item = Result<T, E>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, E>>> {
        Poll::Ready(match ready!(self.0.step(context)) {
            Step::Item(item) => Some(Ok(item)),
            Step::End(Err(error)) => Some(Err(error)),
            Step::End(Ok(())) | Step::Over => None,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T, E, B: Future<Output = Result<(), E>>> FusedStream for TryGenerator<T, E, B> {
    fn is_terminated(&self) -> bool {
        self.0.is_over()
    }
}

impl<T, E, B: Future<Output = Result<(), E>>> fmt::Debug for TryGenerator<T, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryGenerator")
            .field("over", &self.0.is_over())
            .finish_non_exhaustive()
    }
}
