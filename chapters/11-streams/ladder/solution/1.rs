//! Chapter 11, by me.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

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
