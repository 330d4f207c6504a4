//! Notices: to one of those who wait, or to all of them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::mem;
use std::task::{Context, Poll};

use wakers::{WaiterKey, Waiters, contained};

use crate::turns::line_up;

/// The line of those who wait for notice.
///
/// A notice to one is a turn: whoever was chosen and goes away passes it on. A notice to all is none, since whoever
/// waited has one.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    line: Waiters,
    /// Those who were chosen, each by a notice to one, and have not been polled since; as they came.
    chosen: RefCell<VecDeque<WaiterKey>>,
}

impl Notices {
    pub(crate) const fn new() -> Notices {
        Notices {
            line: Waiters::new(),
            chosen: RefCell::new(VecDeque::new()),
        }
    }

    /// Gives notice to the one who has waited longest. False if nobody waits.
    pub(crate) fn to_one(&self) -> bool {
        let Some((key, waker)) = self.line.choose() else {
            return false;
        };
        // Before the wake: that is foreign code, which may drop the one who waits.
        self.chosen.borrow_mut().push_back(key);
        contained("a waker", || waker.wake());
        true
    }

    /// Gives notice to all who wait.
    pub(crate) fn to_all(&self) {
        self.line.wake_all();
    }

    /// Waits for notice. Ready: it has come; true if it was to this one alone.
    pub(crate) fn poll_wait(
        &self,
        key: &mut WaiterKey,
        context: &mut Context<'_>,
    ) -> Poll<bool> {
        line_up(&self.line, key, context);
        // Asked again: what was foreign in that may have given notice.
        match self.line.contains(key) {
            true => Poll::Pending,
            false => Poll::Ready(self.answer(&mem::take(key))),
        }
    }

    /// Whoever has `key` goes away. True: a notice to this one alone is left, to be passed on.
    pub(crate) fn leave(&self, key: &mut WaiterKey) -> bool {
        let mut key = mem::take(key);
        if self.line.contains(&key) {
            self.line.cancel(&mut key);
            return false;
        }
        self.answer(&key)
    }

    /// The notice to `key` alone is not on its way any more. True if there was one.
    fn answer(&self, key: &WaiterKey) -> bool {
        let mut chosen = self.chosen.borrow_mut();
        let place = chosen.binary_search(key);
        place.is_ok_and(|place| chosen.remove(place).is_some())
    }
}
