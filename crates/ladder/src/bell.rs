//! A waker that counts.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A waker's other end: it counts how often it was rung.
#[derive(Debug, Default)]
pub struct Bell(AtomicUsize);

impl Bell {
    /// One that nobody has rung.
    pub fn new() -> Arc<Bell> {
        Arc::new(Bell::default())
    }

    /// A waker that rings it.
    pub fn waker(self: &Arc<Bell>) -> Waker {
        Waker::from(Arc::clone(self))
    }

    /// How often it was rung.
    pub fn rings(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// How many wakers of it there are.
    pub fn wakers(self: &Arc<Bell>) -> usize {
        Arc::strong_count(self) - 1
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Bell>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Polls `future` once, with a waker of `bell`.
pub fn poll<F: Future + ?Sized>(
    future: Pin<&mut F>,
    bell: &Arc<Bell>,
) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(&bell.waker()))
}
