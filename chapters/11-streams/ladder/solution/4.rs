//! Chapter 11, by me.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::sync::Queue;
use crate::tasks::Executor;

/// Items that come one after another, if they are waited for.
pub trait Stream {
    type Item;

    /// The next item, or `None` after the last.
    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>>;
}

pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// The first items of another stream.
pub struct Take<S> {
    stream: S,
    left: usize,
}

pub fn take<S: Stream + Unpin>(stream: S, count: usize) -> Take<S> {
    let left = count;
    Take { stream, left }
}

impl<S: Stream + Unpin> Stream for Take<S> {
    type Item = S::Item;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<S::Item>> {
        // Nobody is asked for an item that nobody wants.
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let polled = Pin::new(&mut self.stream).poll_next(context);
        match &polled {
            Poll::Ready(Some(_)) => self.left -= 1,
            // It is over, and not asked again.
            Poll::Ready(None) => self.left = 0,
            Poll::Pending => {}
        }
        polled
    }
}

/// Where an item lies between the body and whoever asks.
struct Slot<T> {
    item: RefCell<Option<T>>,
    /// Of whoever waits until it is empty.
    waker: RefCell<Option<Waker>>,
}

impl<T> Slot<T> {
    /// Waits until nothing lies in it.
    async fn is_empty(&self) {
        poll_fn(|context| {
            if self.item.borrow().is_none() {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            let old = self.waker.replace(Some(waker));
            drop(old);
            Poll::Pending
        })
        .await;
    }
}

/// What the body of a generator sends its items with.
pub struct Yields<T>(Rc<Slot<T>>);

impl<T> Yields<T> {
    pub async fn send(&mut self, item: T) {
        self.0.is_empty().await;
        self.0.item.replace(Some(item));
        self.0.is_empty().await;
    }
}

/// A stream that is written as a body.
pub struct Generator<T> {
    slot: Rc<Slot<T>>,
    /// Emptied when it is over.
    body: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

pub fn stream<T: 'static>(body: impl AsyncFnOnce(Yields<T>) + 'static) -> Generator<T> {
    let slot = Rc::new(Slot {
        item: RefCell::new(None),
        waker: RefCell::new(None),
    });
    let yields = Yields(slot.clone());
    let body = Box::pin(async move { body(yields).await });
    Generator {
        slot,
        body: Some(body),
    }
}

impl<T> Stream for Generator<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let over = body.as_mut().poll(context).is_ready();
        if over {
            self.body = None;
        }
        let item = self.slot.item.take();
        if item.is_none() && !over {
            return Poll::Pending;
        }
        // Whoever polls the body itself needs no call.
        let sender = self.slot.waker.take();
        if let Some(sender) = sender.filter(|it| !it.will_wake(context.waker())) {
            sender.wake();
        }
        Poll::Ready(item)
    }
}

/// Items that a task has fetched before they were asked for.
pub struct Buffer<T> {
    /// `None` comes after the last.
    queue: Rc<Queue<Option<T>>>,
    over: bool,
}

pub fn buffer<S: Stream + Unpin + 'static>(
    executor: &Executor,
    mut stream: S,
    limit: usize,
) -> Buffer<S::Item> {
    let queue = Rc::new(Queue::bounded(limit));
    let fills = queue.clone();
    executor.spawn(async move {
        while let Some(item) = next(&mut stream).await {
            fills.put(Some(item)).await;
        }
        fills.put(None).await;
    });
    Buffer { queue, over: false }
}

impl<T> Buffer<T> {
    pub async fn next(&mut self) -> Option<T> {
        if self.over {
            return None;
        }
        let item = self.queue.get().await;
        self.over = item.is_none();
        item
    }
}

/// Something that is entered, and left again however that went.
pub trait ContextManager {
    type Value;
    type Error;

    fn enter(&mut self) -> impl Future<Output = Result<Self::Value, Self::Error>>;

    /// `failed` says whether what was done inside has failed.
    fn exit(
        &mut self,
        value: Self::Value,
        failed: bool,
    ) -> impl Future<Output = Result<(), Self::Error>>;
}

pub async fn with<C: ContextManager, R>(
    mut context: C,
    body: impl AsyncFnOnce(&mut C::Value) -> Result<R, C::Error>,
) -> Result<R, C::Error> {
    let mut value = context.enter().await?;
    let outcome = body(&mut value).await;
    // No `?` before this line: it is left in any case.
    let left = context.exit(value, outcome.is_err()).await;
    let outcome = outcome?;
    left?;
    Ok(outcome)
}
