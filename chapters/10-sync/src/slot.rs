//! The waker of the one who waits, where there can be only one.

use std::cell::Cell;
use std::task::Waker;

use wakers::contained;

/// Room for the waker of the newest poll.
#[derive(Default)]
pub(crate) struct Slot(Cell<Option<Waker>>);

impl Slot {
    /// From now on it is `waker` that is woken.
    pub(crate) fn register(&self, waker: &Waker) {
        let old = self.0.take();
        let same = old.as_ref().is_some_and(|old| old.will_wake(waker));
        // Back before the clone, which may panic.
        self.0.set(old);
        if !same {
            let old = self.0.replace(Some(waker.clone()));
            contained("a waker", || drop(old));
        }
    }

    /// Wakes whoever waits, once.
    #[inline]
    pub(crate) fn wake(&self) {
        if let Some(waker) = self.0.take() {
            contained("a waker", || waker.wake());
        }
    }

    /// Nobody waits any more.
    pub(crate) fn clear(&self) {
        if let Some(waker) = self.0.take() {
            contained("a waker", || drop(waker));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.clear();
    }
}
