//! What is due when: a heap ordered by time, whose entries can be cancelled.
//!
//! std's `BinaryHeap` finds the largest element, forgets which of two equal ones came first, and cannot take one
//! out of the middle. A timer queue needs the smallest, the oldest of equals, and cancelling. So:
//!
//! - a *key* goes on the heap: deadline, sequence number, slot. `Reverse` turns the order round; the sequence
//!   number settles ties;
//! - the *value* stays outside, in a slot. An entry is live only while its slot holds the entry's sequence number:
//!   cancelling empties the slot and leaves the key where it is. It is thrown away when it comes to the top, or
//!   when more than half of a large heap is dead.
//!
//! Nothing moves on cancelling, so it costs the same in a heap of ten and of ten million.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroU64;

use crate::Time;

/// Below this many keys the dead ones are not worth a sweep.
const SMALL: usize = 64;

// ANCHOR: key
/// What the heap orders. Derived: first by deadline, then by sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    deadline: Time,
    /// Counts every push, so no two keys are equal.
    sequence: NonZeroU64,
    slot: u32,
}
// ANCHOR_END: key

// ANCHOR: heap
/// Values, each with a deadline: the earliest comes out first, equal deadlines in the
/// order they were pushed, and any of them can be cancelled.
#[derive(Debug)]
pub struct TimeHeap<T> {
    keys: BinaryHeap<Reverse<Key>>,
    slots: Vec<Slot<T>>,
    /// Slots that hold nothing, to be used again.
    free: Vec<u32>,
    sequence: NonZeroU64,
    traced: trace::Heap,
}

#[derive(Debug)]
struct Slot<T> {
    /// Of the entry that lives here, or lived here last.
    sequence: NonZeroU64,
    value: Option<T>,
}

/// Names one entry of a [`TimeHeap`], also after it has left it. It means nothing to another heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryId {
    slot: u32,
    sequence: NonZeroU64,
}
// ANCHOR_END: heap

impl<T> TimeHeap<T> {
    /// An empty heap. Allocates nothing.
    pub const fn new() -> TimeHeap<T> {
        TimeHeap {
            keys: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            sequence: NonZeroU64::MIN,
            traced: trace::Heap::new(),
        }
    }

    /// How many entries are live.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether no entry is live.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many keys the heap holds, those of cancelled entries included: what its memory grows with. At most
    /// 64, or twice [`len`](TimeHeap::len) and one.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    // ANCHOR: push
    /// Adds `value`, due at `deadline`.
    ///
    /// ```
    /// use event_loop::{Time, TimeHeap};
    ///
    /// let mut heap = TimeHeap::new();
    /// heap.push(Time::from_secs(4), "B, who came first");
    /// heap.push(Time::from_secs(4), "C");
    /// heap.push(Time::from_secs(1), "A");
    /// assert_eq!(heap.pop(), Some((Time::from_secs(1), "A")));
    /// assert_eq!(heap.pop(), Some((Time::from_secs(4), "B, who came first")));
    /// ```
    ///
    /// # Panics
    ///
    /// If more than four thousand million entries are live at once.
    pub fn push(&mut self, deadline: Time, value: T) -> EntryId {
        // hole: push — give the entry a number of its own, so that equal times keep their order
        // tried by: taxi, rush-hour
        let sequence = self.sequence;
        self.sequence = sequence.checked_add(1).expect("2^64 pushes");
        let slot = self.empty_slot();
        self.slots[slot as usize].sequence = sequence;
        self.slots[slot as usize].value = Some(value);
        self.keys.push(Reverse(Key {
            deadline,
            sequence,
            slot,
        }));
        self.traced.set(sequence, deadline.as_nanos(), self.order());
        EntryId { slot, sequence }
        // end hole
    }
    // ANCHOR_END: push

    /// A slot that holds nothing.
    fn empty_slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            let slot = u32::try_from(self.slots.len()).expect("at most 2^32 entries");
            self.slots.push(Slot {
                sequence: self.sequence,
                value: None,
            });
            slot
        })
    }

    // ANCHOR: cancel
    /// Takes an entry out, wherever it is. `None` if it has left the heap already.
    ///
    /// ```
    /// use event_loop::{Time, TimeHeap};
    ///
    /// let mut heap = TimeHeap::new();
    /// let pick_up = heap.push(Time::from_secs(7), "pick-up");
    /// assert_eq!(heap.cancel(pick_up), Some("pick-up"));
    /// assert_eq!(heap.cancel(pick_up), None);
    /// assert_eq!(heap.pop(), None);
    /// ```
    pub fn cancel(&mut self, id: EntryId) -> Option<T> {
        // hole: cancel — empty the slot, if the entry is still the one that lives there
        // tried by: breakdown, old-names
        let value = self.live(id)?.take();
        self.free.push(id.slot);
        self.sweep();
        self.traced.cancelled(id.sequence, self.order());
        value
        // end hole
    }

    /// The slot of `id`, if that entry is live: its number is the slot's, not one that
    /// lived there before.
    fn live(&mut self, id: EntryId) -> Option<&mut Option<T>> {
        let slot = self.slots.get_mut(id.slot as usize)?;
        (slot.sequence == id.sequence && slot.value.is_some()).then_some(&mut slot.value)
    }
    // ANCHOR_END: cancel

    /// The value of an entry, if it is live.
    pub fn get_mut(&mut self, id: EntryId) -> Option<&mut T> {
        self.live(id)?.as_mut()
    }

    // ANCHOR: sweep
    /// Throws the dead keys away when they are more than half of a large heap. A key dies
    /// once and is thrown away once, so each cancel pays for looking at two keys.
    fn sweep(&mut self) {
        if self.keys.len() > SMALL && self.len() < self.keys.len() / 2 {
            let slots = &self.slots;
            self.keys.retain(|Reverse(key)| {
                let slot = &slots[key.slot as usize];
                slot.sequence == key.sequence && slot.value.is_some()
            });
        }
    }
    // ANCHOR_END: sweep

    /// The keys in the order of the heap's array: for a picture of it.
    fn order(&self) -> impl Iterator<Item = NonZeroU64> {
        self.keys.iter().map(|Reverse(key)| key.sequence)
    }

    /// When the next entry is due, or `None` if there is none.
    pub fn next_deadline(&mut self) -> Option<Time> {
        loop {
            let Reverse(key) = *self.keys.peek()?;
            let id = EntryId {
                slot: key.slot,
                sequence: key.sequence,
            };
            if self.live(id).is_some() {
                return Some(key.deadline);
            }
            self.keys.pop();
        }
    }

    // ANCHOR: pop
    /// Takes the earliest entry out, with its deadline.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        self.pop_due(Time::MAX)
    }

    /// Takes the earliest entry out if it is due at `now`, with its deadline.
    pub fn pop_due(&mut self, now: Time) -> Option<(Time, T)> {
        while self.keys.peek()?.0.deadline <= now {
            let Reverse(key) = self.keys.pop()?;
            let id = EntryId {
                slot: key.slot,
                sequence: key.sequence,
            };
            if let Some(value) = self.live(id).and_then(Option::take) {
                self.free.push(key.slot);
                self.sweep();
                self.traced.fired(key.sequence, self.order());
                return Some((key.deadline, value));
            }
        }
        None
    }
    // ANCHOR_END: pop
}

impl<T> Default for TimeHeap<T> {
    fn default() -> TimeHeap<T> {
        TimeHeap::new()
    }
}
