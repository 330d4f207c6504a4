//! One direction of one socket: is it worth a try, and who waits for that?

use std::cell::{Cell, RefCell};
use std::mem;
use std::task::{Context, Waker};

// ANCHOR: direction
/// Reading or writing, of one socket.
pub(crate) struct Direction {
    /// Trying is worth it. Set by the reactor.
    ready: Cell<bool>,
    /// The reactor has told that the other side is gone, and will not tell it again.
    closed: Cell<bool>,
    /// We have ended it ourselves: every try is answered at once.
    ended: Cell<bool>,
    /// Usually one. Two tasks may read from one socket; each is told.
    waiters: RefCell<Vec<(u64, Waker)>>,
    last_key: Cell<u64>,
}
// ANCHOR_END: direction

impl Default for Direction {
    /// A new socket is worth a try: nobody knows yet.
    fn default() -> Direction {
        Direction {
            ready: Cell::new(true),
            closed: Cell::new(false),
            ended: Cell::new(false),
            waiters: RefCell::default(),
            last_key: Cell::new(0),
        }
    }
}

impl Direction {
    /// Whether a try is worth it.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.get() || self.closed.get() || self.ended.get()
    }

    /// It is over, since we want no more of it.
    pub(crate) fn end(&self) {
        self.ended.set(true);
    }

    /// Whether [`end`](Direction::end) was called.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// Whether anybody waits.
    pub(crate) fn is_awaited(&self) -> bool {
        !self.waiters.borrow().is_empty()
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
        let waiters = self.waiters.take();
        let told = waiters.len();
        for (_, waker) in waiters {
            waker.wake();
        }
        told
    }
    // ANCHOR_END: set

    /// `context`'s task is told when it is ready. `key` is the waiter's place in the list, 0 before it has one.
    /// By how many waiters the list has grown.
    pub(crate) fn wait(&self, key: &mut u64, context: &Context<'_>) -> usize {
        // Cloning and dropping a waker is code of others: not while the list is borrowed.
        let mut newest = context.waker().clone();
        let mut waiters = self.waiters.borrow_mut();
        if let Some((_, waker)) = waiters.iter_mut().find(|(known, _)| known == key) {
            mem::swap(waker, &mut newest);
            drop(waiters);
            return 0;
        }
        self.last_key.set(self.last_key.get() + 1);
        *key = self.last_key.get();
        waiters.push((*key, newest));
        1
    }

    /// Nobody waits under `key` any more. True if somebody did.
    pub(crate) fn leave(&self, key: u64) -> bool {
        let mut waiters = self.waiters.borrow_mut();
        let place = waiters.iter().position(|(known, _)| *known == key);
        // In order, since those who came first are told first.
        let left = place.map(|place| waiters.remove(place));
        drop(waiters);
        left.is_some()
    }
}
