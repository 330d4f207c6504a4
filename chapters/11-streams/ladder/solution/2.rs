//! Chapter 11, by me.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

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
