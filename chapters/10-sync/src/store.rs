//! In which order a queue gives out what was put in.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Deref;

use crate::queue::Queue;

/// What a [`Queue`] keeps its items in, which decides which comes out next: first in first out, or the order of a
/// [`LifoQueue`] or a [`PriorityQueue`].
///
/// ```
/// fn is_idle<T, S: sync::Store<T>>(queue: &sync::Queue<T, S>) -> bool {
///     queue.is_empty() && !queue.is_closed()
/// }
///
/// assert!(is_idle(&sync::Queue::<u32>::unbounded()));
/// assert!(is_idle(&sync::LifoQueue::<u32>::unbounded()));
/// ```
pub trait Store<T>: Default {
    #[doc(hidden)]
    fn push(&mut self, item: T);
    #[doc(hidden)]
    fn pop(&mut self) -> Option<T>;
    #[doc(hidden)]
    fn size(&self) -> usize;
}

/// A [`Queue`] that gives out the last one first: asyncio's `LifoQueue`.
///
/// ```
/// let dead_end = sync::LifoQueue::bounded(2);
/// dead_end.try_put(1).unwrap();
/// dead_end.try_put(2).unwrap();
/// assert_eq!((dead_end.try_get(), dead_end.try_get()), (Ok(2), Ok(1)));
/// ```
///
/// ```
/// assert_eq!(sync::LifoQueue::unbounded().try_put(1), Ok(()));
/// ```
#[derive(Debug)]
pub struct LifoQueue<T>(Queue<T, Lifo<T>>);

/// A [`Queue`] that gives out the smallest one first, and those that are equal in the order in which they were put in:
/// asyncio's `PriorityQueue`, which leaves that order open.
///
/// How two items compare may not depend on the queue: it is borrowed meanwhile.
///
/// ```
/// let calls = sync::PriorityQueue::unbounded();
/// calls.try_put((2, "airport")).unwrap();
/// calls.try_put((1, "hospital")).unwrap();
/// assert_eq!(calls.try_get(), Ok((1, "hospital")));
/// ```
///
/// ```
/// assert_eq!(sync::PriorityQueue::bounded(1).try_put(1), Ok(()));
/// ```
#[derive(Debug)]
pub struct PriorityQueue<T: Ord>(Queue<T, Priority<T>>);

impl<T> LifoQueue<T> {
    /// A queue with room for `capacity` items.
    ///
    /// # Panics
    ///
    /// If that is zero.
    #[track_caller]
    pub fn bounded(capacity: usize) -> LifoQueue<T> {
        LifoQueue(Queue::with_room(capacity))
    }

    /// A queue in which there is always room.
    pub fn unbounded() -> LifoQueue<T> {
        LifoQueue(Queue::with_room(usize::MAX))
    }
}

impl<T: Ord> PriorityQueue<T> {
    /// A queue with room for `capacity` items.
    ///
    /// # Panics
    ///
    /// If that is zero.
    #[track_caller]
    pub fn bounded(capacity: usize) -> PriorityQueue<T> {
        PriorityQueue(Queue::with_room(capacity))
    }

    /// A queue in which there is always room.
    pub fn unbounded() -> PriorityQueue<T> {
        PriorityQueue(Queue::with_room(usize::MAX))
    }
}

impl<T> Deref for LifoQueue<T> {
    type Target = Queue<T, Lifo<T>>;

    fn deref(&self) -> &Queue<T, Lifo<T>> {
        &self.0
    }
}

impl<T: Ord> Deref for PriorityQueue<T> {
    type Target = Queue<T, Priority<T>>;

    fn deref(&self) -> &Queue<T, Priority<T>> {
        &self.0
    }
}

/// First in, first out; made by [`Queue::bounded`].
#[derive(Debug)]
pub struct Fifo<T>(VecDeque<T>);

/// Last in, first out; made by [`LifoQueue::bounded`].
#[derive(Debug)]
pub struct Lifo<T>(Vec<T>);

/// The smallest first; made by [`PriorityQueue::bounded`].
#[derive(Debug)]
pub struct Priority<T> {
    heap: BinaryHeap<Reverse<Numbered<T>>>,
    last_number: u64,
}

/// An item, and which one it was.
#[derive(Debug)]
struct Numbered<T> {
    item: T,
    number: u64,
}

impl<T> Default for Fifo<T> {
    fn default() -> Fifo<T> {
        Fifo(VecDeque::new())
    }
}

impl<T> Store<T> for Fifo<T> {
    #[inline]
    fn push(&mut self, item: T) {
        self.0.push_back(item);
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Lifo<T> {
    fn default() -> Lifo<T> {
        Lifo(Vec::new())
    }
}

impl<T> Store<T> for Lifo<T> {
    fn push(&mut self, item: T) {
        self.0.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

impl<T: Ord> Default for Priority<T> {
    fn default() -> Priority<T> {
        Priority {
            heap: BinaryHeap::new(),
            last_number: 0,
        }
    }
}

impl<T: Ord> Store<T> for Priority<T> {
    fn push(&mut self, item: T) {
        self.last_number += 1;
        let number = self.last_number;
        self.heap.push(Reverse(Numbered { item, number }));
    }

    fn pop(&mut self) -> Option<T> {
        self.heap.pop().map(|Reverse(it)| it.item)
    }

    fn size(&self) -> usize {
        self.heap.len()
    }
}

impl<T: Ord> Ord for Numbered<T> {
    fn cmp(&self, other: &Numbered<T>) -> Ordering {
        let order = self.item.cmp(&other.item);
        order.then(self.number.cmp(&other.number))
    }
}

impl<T: Ord> PartialOrd for Numbered<T> {
    fn partial_cmp(&self, other: &Numbered<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Numbered<T> {
    fn eq(&self, other: &Numbered<T>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Ord> Eq for Numbered<T> {}
