//! Chapter 2, by me.

use crate::generators::{Coroutine, CoroutineState};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    deadline: Duration,
    /// Counts the pushes.
    order: u64,
    slot: usize,
}

pub struct TimeHeap<T> {
    keys: BinaryHeap<Reverse<Key>>,
    slots: Vec<Slot<T>>,
    /// Slots that belong to no key.
    free: Vec<usize>,
    order: u64,
}

/// Belongs to one key, until that leaves the heap.
struct Slot<T> {
    /// Of the push that filled it.
    order: u64,
    /// `None` once it is cancelled.
    value: Option<T>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryId {
    slot: usize,
    order: u64,
}

impl<T> TimeHeap<T> {
    pub fn new() -> TimeHeap<T> {
        TimeHeap {
            keys: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            order: 0,
        }
    }

    pub fn push(&mut self, deadline: Duration, value: T) -> EntryId {
        self.order += 1;
        let (order, value) = (self.order, Some(value));
        let slot = self.free.pop().unwrap_or(self.slots.len());
        if slot == self.slots.len() {
            self.slots.push(Slot { order, value });
        } else {
            self.slots[slot] = Slot { order, value };
        }
        self.keys.push(Reverse(Key {
            deadline,
            order,
            slot,
        }));
        EntryId { slot, order }
    }

    pub fn pop(&mut self) -> Option<(Duration, T)> {
        self.next_deadline()?;
        let Reverse(key) = self.keys.pop()?;
        self.free.push(key.slot);
        let value = self.slots[key.slot].value.take()?;
        Some((key.deadline, value))
    }

    pub fn cancel(&mut self, id: EntryId) -> Option<T> {
        let slot = &mut self.slots[id.slot];
        if slot.order == id.order {
            slot.value.take()
        } else {
            None
        }
    }

    pub fn next_deadline(&mut self) -> Option<Duration> {
        loop {
            let Reverse(key) = *self.keys.peek()?;
            if self.slots[key.slot].value.is_some() {
                return Some(key.deadline);
            }
            // Cancelled: nobody waits for it any more.
            self.keys.pop();
            self.free.push(key.slot);
        }
    }
}

pub struct EventLoop<C> {
    now: Duration,
    waiting: TimeHeap<C>,
}

impl<C: Coroutine<Duration, Yield = Duration>> EventLoop<C> {
    pub fn new() -> EventLoop<C> {
        EventLoop {
            now: Duration::ZERO,
            waiting: TimeHeap::new(),
        }
    }

    pub fn start(&mut self, coroutine: C) {
        self.resume(coroutine);
    }

    fn resume(&mut self, mut coroutine: C) {
        if let CoroutineState::Yielded(deadline) = coroutine.resume(self.now) {
            self.waiting.push(deadline, coroutine);
        }
    }

    pub fn run(&mut self) -> Duration {
        while let Some((deadline, coroutine)) = self.waiting.pop() {
            self.now = deadline;
            self.resume(coroutine);
        }
        self.now
    }
}
