//! A future that is polled by the rules.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::bell::Bell;

/// How often a future may ask to be polled again.
pub(super) const POLLS: usize = 10_000;

/// A future, and the two ways to poll it: once, or as long as it asks for it.
pub(super) struct Polled<F: Future> {
    pub(super) future: Pin<Box<F>>,
}

impl<F: Future> Polled<F> {
    pub(super) fn poll(&mut self, bell: &Arc<Bell>) -> Poll<F::Output> {
        let waker = bell.waker();
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// Polls as long as the future asks for it. `None`: it waits, and has not rung.
    pub(super) fn settle(&mut self, bell: &Arc<Bell>) -> Option<F::Output> {
        for _ in 0..POLLS {
            bell.rings();
            match self.poll(bell) {
                Poll::Ready(output) => return Some(output),
                Poll::Pending if bell.rings() == 0 => return None,
                Poll::Pending => {}
            }
        }
        panic!("it asks to be polled again for ever");
    }

    /// It was completed: it must have rung, and be ready.
    pub(super) fn finish(&mut self, bell: &Arc<Bell>, when: &str) -> F::Output {
        assert!(
            bell.rings() > 0,
            "{when}: it was completed, and its newest waker was not woken"
        );
        self.settle(bell).unwrap_or_else(|| {
            panic!("{when}: it was completed and woken, and is not ready")
        })
    }
}
