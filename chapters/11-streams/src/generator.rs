//! An asynchronous generator: a body that sends items, and a stream that gives them.
//!
//! Chapter 1 wrote a generator by hand, since stable Rust has no `yield`. It has `async`, whose bodies stop too, but
//! hand over nothing where they do. So the item takes another way out: it is put into a *slot* that body and stream
//! share, just before the body stops.
//!
//! The crate async-stream does the same with macros. Its slot is a local variable of `poll_next`, and a thread-local
//! points to it while the body is polled. That saves the shared allocation and the box, but not the `unsafe` code for
//! the pointer, and its stream must be pinned. Its `yield` may stand only in the body itself. Our `send` is a future like
//! any other: it may be part of a `select`, which is why it has to know who polls it.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};
use task_cell::{Cancelled, heard};
use wakers::contained;

use crate::yields::{Polling, Slot, Yields};

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
// ANCHOR: stream
pub fn stream<T, F, B>(body: F) -> Generator<T, B>
where
    F: FnOnce(Yields<T>) -> B,
    B: Future<Output = ()>,
{
    Generator(Running::new(body))
}
// ANCHOR_END: stream

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

// ANCHOR: running
/// A body, as long as it runs, and the way to its items.
struct Running<T, B: Future> {
    slot: Rc<Slot<T>>,
    /// `None`: it has ended, or panicked. Not in a poll: it is out then.
    body: Option<Pin<Box<B>>>,
    /// What it ended with, until that is told.
    end: Option<B::Output>,
    /// It was polled.
    begun: bool,
    /// While it was closed, a scope in it has answered a request to the task.
    cancelled: bool,
}

/// What a body has come to.
enum Step<T, R> {
    Item(T),
    End(R),
    /// The end was told before.
    Over,
}
// ANCHOR_END: running

impl<T, B: Future> Running<T, B> {
    fn new(body: impl FnOnce(Yields<T>) -> B) -> Running<T, B> {
        let slot = Rc::new(Slot::new());
        let yields = Yields {
            slot: Rc::clone(&slot),
        };
        Running {
            slot,
            body: Some(Box::pin(body(yields))),
            end: None,
            begun: false,
            cancelled: false,
        }
    }

    // ANCHOR: step
    /// Runs the body until it has sent something, waits for something, or is over.
    fn step(&mut self, context: &mut Context<'_>) -> Poll<Step<T, B::Output>> {
        let Some(mut body) = self.body.take() else {
            let end = self.end.take();
            return Poll::Ready(end.map_or(Step::Over, Step::End));
        };
        self.begun = true;
        let sender = self.slot.sender.take();
        sender.map(|waker| contained("a waker", || waker.wake()));
        let (polled, closed) = self.poll_body(body.as_mut(), context);
        // hole: step — an item first, then the end; a body that is pending is put back, unless it is closed
        // tried by: generator, orders, stop-early, given-up
        // also: streams
        let sent = self.slot.item.take();
        match polled {
            Poll::Ready(end) => self.end = Some(end),
            Poll::Pending if closed => drop(body),
            Poll::Pending => self.body = Some(body),
        }
        match sent {
            // If the body is over too, that is told after the item.
            Some(item) => Poll::Ready(Step::Item(item)),
            None if self.body.is_some() => Poll::Pending,
            None => Poll::Ready(self.end.take().map_or(Step::Over, Step::End)),
        }
        // end hole
    }
    // ANCHOR_END: step

    // ANCHOR: poll-body
    /// Polls the body, and says whether it is to be dropped: something in it wants to end,
    /// and no scope round that has caught it.
    fn poll_body(
        &mut self,
        body: Pin<&mut B>,
        context: &mut Context<'_>,
    ) -> (Poll<B::Output>, bool) {
        let _polling = Polling::begin(&self.slot.polled_by, context);
        if !self.slot.closing.get() {
            return (body.poll(context), false);
        }
        let (polled, heard) = heard(|| body.poll(context));
        self.cancelled |= heard.answered;
        (polled, heard.resumed)
    }
    // ANCHOR_END: poll-body

    // ANCHOR: close
    /// Has the body end at its send, and awaits its end.
    async fn close(&mut self) -> Option<B::Output> {
        self.slot.closing.set(true);
        if !self.begun {
            self.body = None;
        }
        let end = poll_fn(|context| self.step(context)).await;
        if std::mem::take(&mut self.cancelled) {
            // The task was, and a scope in the body has answered. The rest is to end too.
            Cancelled::resume().await;
        }
        match end {
            Step::End(end) => Some(end),
            Step::Item(_) | Step::Over => None,
        }
    }
    // ANCHOR_END: close

    fn is_over(&self) -> bool {
        self.body.is_none() && self.end.is_none()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.is_over().then_some(0))
    }
}

// ANCHOR: generator
/// The items that a body sends; made by [`stream`].
///
/// After the end, and after a panic of the body, there are no more.
pub struct Generator<T, B: Future<Output = ()>>(Running<T, B>);

// It is the body that must not be moved, and that is in a box.
impl<T, B: Future<Output = ()>> Unpin for Generator<T, B> {}
// ANCHOR_END: generator

impl<T, B: Future<Output = ()>> Generator<T, B> {
    /// Ends the stream before its end: Python's `aclose`. When it returns, the body is gone.
    ///
    /// A stream that is dropped is dropped where its body stands: destructors run, but nothing is awaited. This ends the
    /// body at its [`send`](Yields::send) as a cancellation ends a task. Contexts that the body has entered by
    /// [`with`](crate::with) are left, which may take time; so a `finally` that awaits is a context. A call of
    /// [`catch_cancel`](task_cell::catch_cancel) round the send hears it too. It goes no further out than the body.
    ///
    /// A body that waits for something else, since a `next` was dropped half-way, goes on until it sends. One that has
    /// not begun never does. What it still sends is dropped. A clean-up must not send: the body ends there too, and
    /// what follows that `send` is not run. (Python raises a `RuntimeError`: the generator ignored its `GeneratorExit`.)
    /// A task that is cancelled while it closes ends after that.
    ///
    /// ```
    /// use streams::{StreamExt, stream};
    /// use task_cell::{Cancelled, catch_cancel};
    ///
    /// let log = std::cell::RefCell::new(Vec::new());
    /// let mut numbers = stream(async |mut yields| {
    ///     let all = async {
    ///         for n in 1.. {
    ///             yields.send(n).await;
    ///         }
    ///     };
    ///     if let Err(Cancelled) = catch_cancel(all).await {
    ///         polling::yield_now().await; // Cleaning up takes a while.
    ///         log.borrow_mut().push("cleaned up");
    ///     }
    /// });
    /// polling::spin_on(async {
    ///     assert_eq!(numbers.next().await, Some(1));
    ///     numbers.close().await;
    ///     assert_eq!(*log.borrow(), ["cleaned up"]);
    ///     assert_eq!(numbers.next().await, None);
    /// });
    /// ```
    pub async fn close(&mut self) {
        self.0.close().await;
    }
}

// ANCHOR: poll-next
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
// ANCHOR_END: poll-next

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

impl<T, E, B: Future<Output = Result<(), E>>> TryGenerator<T, E, B> {
    /// As [`Generator::close`]. An error is what the body has ended with.
    ///
    /// ```
    /// use streams::{StreamExt, try_stream};
    ///
    /// let mut numbers = try_stream(async |mut yields| {
    ///     yields.send(7).await;
    ///     Err("no fuel")
    /// });
    /// polling::spin_on(async {
    ///     assert_eq!(numbers.next().await, Some(Ok(7)));
    ///     assert_eq!(numbers.close().await, Ok(())); // It did not come so far.
    /// });
    /// ```
    pub async fn close(&mut self) -> Result<(), E> {
        self.0.close().await.unwrap_or(Ok(()))
    }
}

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
