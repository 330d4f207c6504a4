//! What is due when: a heap ordered by time, whose entries can be cancelled.
//!
//! std's `BinaryHeap` finds the largest element, forgets which of two equal ones came first, and cannot take one
//! out of the middle. A timer queue needs the smallest, the oldest of equals, and cancelling. So:
//!
//! - a *key* goes on the heap: deadline, order of the push, slot. `Reverse` turns the order round; the order of the
//!   pushes settles ties;
//! - the *value* stays outside, in a slot, which belongs to the key for as long as that is on the heap. Cancelling
//!   empties the slot and leaves the key where it is: a key is live while there is a value in its slot. A dead one is
//!   thrown away when it comes to the top, or when more than half of a large heap is dead.
//!
//! Nothing moves on cancelling, so it costs the same in a heap of ten and of ten million.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::mem;
use std::num::NonZeroU64;

use crate::Time;

// ANCHOR: small
/// Below this many keys the dead ones are not worth a sweep.
const SMALL: usize = 64;
// ANCHOR_END: small

// ANCHOR: key
/// What the heap orders. Derived: first by deadline, then by the order of the pushes.
///
/// 16 bytes: in a large heap, every level that a key passes is a wait for memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    deadline: Time,
    /// Counts the pushes, so no two keys are equal.
    order: u32,
    slot: u32,
}
// ANCHOR_END: key

// ANCHOR: heap
/// Values, each with a deadline: the earliest comes out first, equal deadlines in the
/// order they were pushed, and any of them can be cancelled.
///
/// ```
/// use event_loop::{Time, TimeHeap};
///
/// let mut heap = TimeHeap::new();
/// let late = heap.push(Time::from_secs(9), "late");
/// heap.push(Time::from_secs(1), "early");
/// if let Some(value) = heap.get_mut(late) {
///     *value = "very late";
/// }
/// assert_eq!(heap.pop_due(Time::from_secs(1)), Some((Time::from_secs(1), "early")));
/// assert_eq!(heap.pop_due(Time::from_secs(1)), None);
/// assert_eq!(heap.next_deadline(), Some(Time::from_secs(9)));
/// assert!(heap.drain().eq(["very late"]));
/// assert_eq!(heap.pop(), None);
/// ```
#[derive(Debug)]
pub struct TimeHeap<T> {
    keys: BinaryHeap<Reverse<Key>>,
    slots: Vec<Slot<T>>,
    /// Slots that belong to no key.
    free: Vec<u32>,
    /// How many keys are dead.
    dead: usize,
    /// Numbers of the next key and of the next entry.
    order: u32,
    sequence: NonZeroU64,
    traced: trace::Heap,
}

/// Belongs to one key, from the push until the key leaves the heap.
#[derive(Debug)]
struct Slot<T> {
    /// Of the entry that is here, or was here last. No other one ever has this number.
    sequence: NonZeroU64,
    /// `None` once it is cancelled.
    value: Option<T>,
}

/// Names one entry of a [`TimeHeap`], also later. To another heap it means nothing.
///
/// ```
/// use event_loop::{EntryId, Time, TimeHeap};
///
/// let mut heap = TimeHeap::new();
/// let id: EntryId = heap.push(Time::ZERO, "a tick");
/// heap.pop();
/// // It has left the heap, and the next entry has another number.
/// assert_ne!(heap.push(Time::ZERO, "the next"), id);
/// assert_eq!(heap.cancel(id), None);
/// ```
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
            dead: 0,
            order: 0,
            sequence: NonZeroU64::MIN,
            traced: trace::Heap::new(),
        }
    }

    /// How many entries are live.
    pub fn len(&self) -> usize {
        self.keys.len() - self.dead
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
    /// If there are more than four thousand million keys: see [`keys`](TimeHeap::keys).
    pub fn push(&mut self, deadline: Time, value: T) -> EntryId {
        let id = self.fill_slot(value);
        self.add_key(deadline, id.slot);
        let traced = deadline.as_nanos();
        self.traced.set(id.sequence, traced, self.order());
        id
    }
    // ANCHOR_END: push

    // ANCHOR: fill-slot
    /// Puts `value` into a slot that belongs to no key, and gives the entry its number.
    fn fill_slot(&mut self, value: T) -> EntryId {
        let sequence = self.sequence;
        self.sequence = sequence.checked_add(1).expect("2^64 pushes");
        let slot = self.empty_slot();
        self.slots[slot as usize].sequence = sequence;
        self.slots[slot as usize].value = Some(value);
        EntryId { slot, sequence }
    }
    // ANCHOR_END: fill-slot

    // ANCHOR: add-key
    /// Puts the key of `slot` on the heap.
    fn add_key(&mut self, deadline: Time, slot: u32) {
        // hole: push — give the key a number of its own, so that equal times keep their order
        // tried by: taxi, rush-hour
        if self.order == u32::MAX {
            self.renumber();
        }
        let order = self.order;
        self.order = order.checked_add(1).expect("fewer than 2^32 keys");
        self.keys.push(Reverse(Key {
            deadline,
            order,
            slot,
        }));
        // end hole
    }
    // ANCHOR_END: add-key

    // ANCHOR: renumber
    /// Gives all keys new numbers, in the order they have: once in four thousand million
    /// pushes the numbers are used up.
    #[cold]
    fn renumber(&mut self) {
        // Sorted, the reversed keys begin with the latest.
        let mut keys = mem::take(&mut self.keys).into_sorted_vec();
        self.order = 0;
        for Reverse(key) in keys.iter_mut().rev() {
            key.order = self.order;
            self.order += 1;
        }
        self.keys = BinaryHeap::from(keys);
    }
    // ANCHOR_END: renumber

    // ANCHOR: empty-slot
    /// A slot that belongs to no key.
    fn empty_slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            let slot = u32::try_from(self.slots.len()).expect("at most 2^32 keys");
            self.slots.push(Slot {
                sequence: self.sequence,
                value: None,
            });
            slot
        })
    }
    // ANCHOR_END: empty-slot

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
        let value = self.empty(id)?;
        self.sweep();
        self.traced.cancelled(id.sequence, self.order());
        Some(value)
    }

    /// Takes an entry's value out of its slot. Its key stays where it is, and is dead.
    fn empty(&mut self, id: EntryId) -> Option<T> {
        // hole: cancel — empty the slot, if the entry is still the one that lives there
        // tried by: breakdown, old-names
        let value = self.live(id)?.take();
        self.dead += 1;
        value
        // end hole
    }
    // ANCHOR_END: cancel

    // ANCHOR: live
    /// The slot of `id`, if that entry is live: its number is the slot's, not one that
    /// lived there before.
    fn live(&mut self, id: EntryId) -> Option<&mut Option<T>> {
        let slot = self.slots.get_mut(id.slot as usize)?;
        (slot.sequence == id.sequence && slot.value.is_some()).then_some(&mut slot.value)
    }
    // ANCHOR_END: live

    /// The value of an entry, if it is live.
    pub fn get_mut(&mut self, id: EntryId) -> Option<&mut T> {
        self.live(id)?.as_mut()
    }

    // ANCHOR: sweep
    /// Throws the dead keys away when they are more than half of a large heap. A key dies
    /// once and is thrown away once, so each cancel pays for looking at two keys.
    fn sweep(&mut self) {
        if self.keys.len() > SMALL && self.dead > self.keys.len() / 2 {
            let (slots, free) = (&self.slots, &mut self.free);
            self.keys.retain(|Reverse(key)| {
                let live = slots[key.slot as usize].value.is_some();
                if !live {
                    free.push(key.slot);
                }
                live
            });
            self.dead = 0;
        }
    }
    // ANCHOR_END: sweep

    /// The number of the entry that `key` is of.
    fn sequence(&self, key: Key) -> NonZeroU64 {
        self.slots[key.slot as usize].sequence
    }

    /// The entries in the order of the heap's array: for a picture of it.
    fn order(&self) -> impl Iterator<Item = NonZeroU64> {
        self.keys.iter().map(|Reverse(key)| self.sequence(*key))
    }

    // ANCHOR: next
    /// When the next entry is due, or `None` if there is none. Dead keys that it comes
    /// across are thrown away.
    pub fn next_deadline(&mut self) -> Option<Time> {
        loop {
            let Reverse(key) = *self.keys.peek()?;
            if self.slots[key.slot as usize].value.is_some() {
                return Some(key.deadline);
            }
            self.pop_key();
        }
    }
    // ANCHOR_END: next

    // ANCHOR: pop
    /// Takes the earliest entry out, with its deadline.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        self.pop_due(Time::MAX)
    }

    /// Takes the earliest entry out if it is due at `now`, with its deadline.
    pub fn pop_due(&mut self, now: Time) -> Option<(Time, T)> {
        // From here on there is a live one at the top.
        let deadline = self.next_deadline().filter(|next| *next <= now)?;
        let (key, value) = self.pop_key()?;
        self.sweep();
        self.traced.fired(self.sequence(key), self.order());
        Some((deadline, value?))
    }

    /// Takes the earliest key off the heap. Its slot is free from now on. The value is
    /// `None` if the entry was cancelled.
    fn pop_key(&mut self) -> Option<(Key, Option<T>)> {
        let Reverse(key) = self.keys.pop()?;
        self.free.push(key.slot);
        let value = self.slots[key.slot as usize].value.take();
        if value.is_none() {
            self.dead -= 1;
        }
        Some((key, value))
    }
    // ANCHOR_END: pop

    /// Takes all values out, in no order.
    pub fn drain(&mut self) -> impl Iterator<Item = T> + '_ {
        self.keys.clear();
        self.free.clear();
        self.dead = 0;
        self.slots.drain(..).filter_map(|slot| slot.value)
    }
}

impl<T> Default for TimeHeap<T> {
    fn default() -> TimeHeap<T> {
        TimeHeap::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Dice;

    /// Random pushes, pops and cancels, beside a sorted list whose numbers are never used up. Few deadlines, so that
    /// most of them tie.
    #[test]
    fn ties_keep_their_order_when_the_numbers_are_used_up() {
        for left in 0..100 {
            let mut heap = TimeHeap::new();
            heap.order = u32::MAX - left;
            let (mut list, mut dice) = (BTreeMap::new(), Dice::new(left.into()));
            for number in 0..300 {
                let deadline = Time::from_nanos(dice.up_to(3));
                match dice.up_to(4) {
                    0 => assert_eq!(heap.pop(), pop_first(&mut list)),
                    1 if !list.is_empty() => {
                        let any = dice.up_to(list.len() as u64 - 1) as usize;
                        let key = *list.keys().nth(any).expect("one of them");
                        let id = list.remove(&key).expect("it is there");
                        assert_eq!(heap.cancel(id), Some(key.1));
                    }
                    _ => {
                        let id = heap.push(deadline, number);
                        list.insert((deadline, number), id);
                    }
                }
            }
            assert!(heap.order < 300, "they were used up: {}", heap.order);
            while let Some(earliest) = pop_first(&mut list) {
                assert_eq!(heap.pop(), Some(earliest));
            }
            assert_eq!((heap.pop(), heap.dead), (None, 0));
            assert_eq!(heap.free.len(), heap.slots.len());
        }
    }

    #[test]
    fn a_slot_is_used_again_once_its_key_has_left() {
        let mut heap = TimeHeap::new();
        for request in 0..10_000_u32 {
            let timeout = heap.push(Time::from_secs(30), request);
            heap.cancel(timeout);
            heap.push(Time::ZERO, request);
            heap.pop();
        }
        assert!(heap.slots.len() <= 2 * SMALL, "{} slots", heap.slots.len());
    }

    fn pop_first(list: &mut BTreeMap<(Time, u64), EntryId>) -> Option<(Time, u64)> {
        list.pop_first().map(|(key, _)| key)
    }
}
