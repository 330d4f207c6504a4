//! Chapter 2, by me.

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
    slots: Vec<Option<T>>,
    /// Slots that belong to no key.
    free: Vec<usize>,
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

    pub fn push(&mut self, deadline: Duration, value: T) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[slot] = Some(value);
        self.order += 1;
        self.keys.push(Reverse(Key {
            deadline,
            order: self.order,
            slot,
        }));
    }

    pub fn pop(&mut self) -> Option<(Duration, T)> {
        let Reverse(key) = self.keys.pop()?;
        self.free.push(key.slot);
        let value = self.slots[key.slot].take()?;
        Some((key.deadline, value))
    }
}
