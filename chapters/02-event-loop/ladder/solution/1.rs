//! Chapter 2, by me.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

pub struct TimeHeap<T> {
    keys: BinaryHeap<Reverse<(Duration, usize)>>,
    slots: Vec<Option<T>>,
}

impl<T> TimeHeap<T> {
    pub fn new() -> TimeHeap<T> {
        TimeHeap {
            keys: BinaryHeap::new(),
            slots: Vec::new(),
        }
    }

    pub fn push(&mut self, deadline: Duration, value: T) {
        self.keys.push(Reverse((deadline, self.slots.len())));
        self.slots.push(Some(value));
    }

    pub fn pop(&mut self) -> Option<(Duration, T)> {
        let Reverse((deadline, slot)) = self.keys.pop()?;
        let value = self.slots[slot].take()?;
        Some((deadline, value))
    }
}
