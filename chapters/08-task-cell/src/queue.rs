//! The run queue: one line for tasks, the root and callbacks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use wakers::Callback;

use crate::task::TaskRef;

/// One turn of somebody.
pub(crate) enum Entry {
    /// Poll this task.
    Poll(TaskRef),
    /// It was woken while the loop was waiting: now it queues up, behind all others.
    Woken(TaskRef),
    /// Call the callback that was queued first.
    Call,
    /// The root of this number is over: this round is the last one.
    Over(u64),
}

// Two words, which a wake writes and a turn reads: a callback would make it three.
const _: () = assert!(size_of::<Entry>() <= 16);

/// First come, first served.
#[derive(Default)]
pub(crate) struct Queue {
    entries: RefCell<VecDeque<Entry>>,
    /// One for each [`Entry::Call`], in the same order.
    callbacks: RefCell<VecDeque<Callback>>,
    /// Whether the loop is waiting, or looking at what it waits for.
    waiting: Cell<bool>,
    /// How many were woken in the last wait.
    woken: Cell<usize>,
}

impl Queue {
    #[inline]
    pub(crate) fn push(&self, entry: Entry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() < entries.capacity() {
            entries.push_back(entry);
        } else {
            drop(entries);
            self.grow(entry);
        }
    }

    /// So seldom that the others do not pay for the call.
    #[cold]
    fn grow(&self, entry: Entry) {
        self.entries.borrow_mut().push_back(entry);
    }

    /// Queues a task that was woken.
    #[inline]
    pub(crate) fn push_task(&self, task: TaskRef) {
        if self.waiting.get() {
            self.woken.set(self.woken.get() + 1);
            return self.push(Entry::Woken(task));
        }
        self.push(Entry::Poll(task));
    }

    /// Queues a callback.
    pub(crate) fn push_call(&self, callback: Callback) {
        self.callbacks.borrow_mut().push_back(callback);
        self.push(Entry::Call);
    }

    #[inline]
    pub(crate) fn pop(&self) -> Option<Entry> {
        self.entries.borrow_mut().pop_front()
    }

    /// The callback of an [`Entry::Call`] that was popped.
    pub(crate) fn take_callback(&self) -> Callback {
        let callback = self.callbacks.borrow_mut().pop_front();
        callback.expect("an entry for each callback")
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// Whether it holds nobody but those who were woken in the last wait, if that was just before.
    #[inline]
    pub(crate) fn only_woken(&self) -> bool {
        self.woken.get() == self.len()
    }

    /// Says whether the loop is waiting. After a wait that has panicked it is said to, until the next one is over:
    /// whoever is woken meanwhile queues up behind the others.
    pub(crate) fn set_waiting(&self, waiting: bool) {
        self.waiting.set(waiting);
        if waiting {
            self.woken.set(0);
        }
    }
}
