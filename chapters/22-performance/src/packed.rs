//! Chapter 2's heap with its keys packed: one comparison of numbers where the derived order makes up to three.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use event_loop::Time;

// ANCHOR: packed
/// Values, each with a deadline: the earliest comes out first, equal ones in the order
/// they were pushed.
///
/// ```
/// use event_loop::Time;
/// use performance::PackedHeap;
///
/// let mut heap = PackedHeap::new();
/// heap.push(Time::from_secs(4), "B, who came first");
/// heap.push(Time::from_secs(4), "C");
/// heap.push(Time::from_secs(1), "A");
/// assert_eq!(heap.pop(), Some((Time::from_secs(1), "A")));
/// assert_eq!(heap.pop(), Some((Time::from_secs(4), "B, who came first")));
/// ```
#[derive(Debug)]
pub struct PackedHeap<T> {
    /// Deadline, order of the push, slot: 64, 32 and 32 bits, from the highest down.
    keys: BinaryHeap<Reverse<u128>>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    order: u32,
}
// ANCHOR_END: packed

impl<T> PackedHeap<T> {
    /// An empty one.
    pub fn new() -> PackedHeap<T> {
        PackedHeap {
            keys: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            order: 0,
        }
    }

    // ANCHOR: push
    /// Adds `value`, due at `deadline`.
    ///
    /// # Panics
    ///
    /// At the four thousand millionth push: chapter 2's renumbers.
    pub fn push(&mut self, deadline: Time, value: T) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            (self.slots.len() - 1) as u32
        });
        self.slots[slot as usize] = Some(value);
        let order = self.order;
        self.order = order.checked_add(1).expect("fewer than 2^32 pushes");
        let below = u128::from(order) << 32 | u128::from(slot);
        let key = u128::from(deadline.as_nanos()) << 64 | below;
        self.keys.push(Reverse(key));
    }
    // ANCHOR_END: push

    /// Takes the earliest out, with its deadline.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        let Reverse(key) = self.keys.pop()?;
        let slot = key as u32;
        self.free.push(slot);
        let value = self.slots[slot as usize].take()?;
        Some((Time::from_nanos((key >> 64) as u64), value))
    }
}

impl<T> Default for PackedHeap<T> {
    fn default() -> PackedHeap<T> {
        PackedHeap::new()
    }
}
