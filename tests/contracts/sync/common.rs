//! What the tests of chapter 10 share.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use event_loop::Clock;
use workbook_tests::harness::Bell;

/// Runs on virtual time.
#[track_caller]
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    task_cell::run(Clock::virtual_time(), future)
}

/// A value for the rest of the process: what waits for it may be kept anywhere.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Somebody who waits, polled by hand.
pub(crate) struct Waiter<F: Future> {
    pub(crate) future: Pin<Box<F>>,
    bell: Arc<Bell>,
    woken: Cell<bool>,
}

impl<F: Future> Waiter<F> {
    pub(crate) fn new(future: F) -> Waiter<F> {
        Waiter {
            future: Box::pin(future),
            bell: Bell::new(),
            woken: Cell::new(false),
        }
    }

    /// One that waits.
    #[track_caller]
    pub(crate) fn waiting(future: F) -> Waiter<F> {
        let mut waiter = Waiter::new(future);
        assert!(waiter.poll().is_pending(), "it does not wait");
        waiter
    }

    pub(crate) fn poll(&mut self) -> Poll<F::Output> {
        let waker = self.bell.waker();
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// Whether it was woken since this was last asked.
    pub(crate) fn is_woken(&self) -> bool {
        self.bell.rings() > 0
    }

    /// Whether it was ever woken.
    pub(crate) fn was_woken(&self) -> bool {
        self.woken.set(self.woken.get() || self.is_woken());
        self.woken.get()
    }

    /// It must have been woken, and be ready.
    #[track_caller]
    pub(crate) fn ready(mut self) -> F::Output {
        assert!(self.is_woken(), "it was not woken");
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it was woken, and is not ready"),
        }
    }
}
