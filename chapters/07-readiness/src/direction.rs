//! One direction of one socket: is it worth a try, and who waits for that?

use std::cell::Cell;

use wakers::Waiters;

// ANCHOR: direction
/// Reading or writing, of one socket.
#[derive(Default)]
pub(crate) struct Direction {
    /// Trying is worth it. Set by the reactor.
    ready: Cell<bool>,
    /// The reactor has told that the other side is gone, and will not tell it again.
    closed: Cell<bool>,
    /// We have ended it ourselves: every try is answered at once.
    pub(crate) ended: Cell<bool>,
    /// Usually one. Two tasks may read from one socket; each is told.
    pub(crate) waiters: Waiters,
}
// ANCHOR_END: direction

impl Direction {
    /// Whether a try is worth it.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.get() || self.closed.get() || self.ended.get()
    }

    /// Whether a try is worth it, and not because the other side is gone.
    pub(crate) fn is_open(&self) -> bool {
        self.ready.get() && !self.closed.get()
    }

    // ANCHOR: clear
    /// A try would have blocked: the operating system will tell when that changes. This
    /// is its own word, so it ends whatever was told before.
    pub(crate) fn would_block(&self) {
        self.ready.set(false);
        self.closed.set(false);
    }

    /// The next try would block, as far as one can see. A close is still worth a try.
    pub(crate) fn might_block(&self) {
        self.ready.set(false);
    }
    // ANCHOR_END: clear

    // ANCHOR: set
    /// The reactor has news: everybody who waits may try. How many those were.
    pub(crate) fn set(&self, closed: bool) -> usize {
        self.ready.set(true);
        self.closed.set(self.closed.get() | closed);
        self.waiters.wake_all()
    }
    // ANCHOR_END: set
}
