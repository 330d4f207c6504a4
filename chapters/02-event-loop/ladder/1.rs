//! Who is due first?
//!
//! Several wait, each for a moment of its own, and the earliest goes on. Write a heap that gives out the value with the
//! smallest moment, in whatever order the values came. A moment is a `Duration`: how long after the start.
//!
//!     pub struct TimeHeap<T> { /* … */ }
//!
//!     impl<T> TimeHeap<T> {
//!         pub fn new() -> TimeHeap<T>
//!         pub fn push(&mut self, deadline: Duration, value: T)
//!         pub fn pop(&mut self) -> Option<(Duration, T)>
//!     }
//!
//! `pop` takes the earliest out, with its moment. `T` may be anything, even what cannot be compared, so a pair in std's
//! `BinaryHeap` is not enough. Nor is it enough to search all of them at each pop: the check has 100,000.
//!
//! hint: Keep the values beside the heap, in a `Vec` of slots. On the heap is only a key: the moment and the number of
//! the slot. Keys can be compared.
//!
//! hint: `BinaryHeap` gives out the largest. `std::cmp::Reverse` turns an order round.
//!
//! hint: A slot must give its value away while the other slots stay where they are:
//!
//!     pub struct TimeHeap<T> {
//!         keys: BinaryHeap<Reverse<(Duration, usize)>>,
//!         slots: Vec<Option<T>>,
//!     }
//!
//!     let Reverse((deadline, slot)) = self.keys.pop()?;
//!     let value = self.slots[slot].take()?;
//!
//! done: Finding the next one takes a few looks now, whether there are three taxis or a million. What about two that
//! are due at the same moment?

use mine::event_loop::TimeHeap;
use std::time::Duration;

/// It cannot be compared, copied or shown.
struct Letter(u64);

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn main() {
    ladder::tries("a heap with nothing in it");
    let mut heap: TimeHeap<Letter> = TimeHeap::new();
    ladder::check!(heap.pop().is_none(), "it gives out what nobody has pushed");

    ladder::tries("pushes at 4, 1, 9 and 3 seconds, then pops");
    ladder::hangs("pop does not return");
    for n in [4, 1, 9, 3] {
        let _ = heap.push(seconds(n), Letter(n));
    }
    let mut order = Vec::new();
    while let Some((deadline, Letter(n))) = heap.pop() {
        ladder::check!(
            deadline == seconds(n),
            "the value that was pushed for {n} s comes out with the moment {deadline:?}"
        );
        ladder::check!(
            order.len() < 4,
            "it gives out a fifth value, and four were pushed"
        );
        order.push(n);
    }
    ladder::check!(
        order != [9, 4, 3, 1],
        "the latest comes first, and time runs backwards: std's heap gives out the largest"
    );
    ladder::check!(
        order != [4, 1, 9, 3],
        "they come out as they were pushed: what compares their moments?"
    );
    ladder::check!(
        order == [1, 3, 4, 9],
        "they should come out at 1, 3, 4 and 9 s, and do so at {order:?}"
    );

    ladder::tries("pushes between the pops");
    let _ = heap.push(seconds(5), Letter(5));
    let _ = heap.push(seconds(7), Letter(7));
    let first = heap.pop().map(|(_, Letter(n))| n);
    let _ = heap.push(seconds(6), Letter(6));
    let second = heap.pop().map(|(_, Letter(n))| n);
    ladder::check!(
        (first, second) == (Some(5), Some(6)),
        "5 s, then 6 s, which was pushed in between, and it gives out {first:?}, {second:?}"
    );

    ladder::tries("moments that differ by a nanosecond");
    let mut heap = TimeHeap::new();
    let _ = heap.push(Duration::from_nanos(2), 2);
    let _ = heap.push(Duration::from_nanos(1), 1);
    let first = heap.pop().map(|(_, n)| n);
    ladder::check!(
        first == Some(1),
        "1 ns is before 2 ns: is a moment rounded somewhere?"
    );

    ladder::tries("100,000 values, the latest first");
    ladder::hangs("it takes seconds: does pop look through all of them?");
    let mut heap = TimeHeap::new();
    for n in (0..100_000).rev() {
        let _ = heap.push(seconds(n), Letter(n));
    }
    for wanted in 0..100_000 {
        let found = heap.pop().map(|(_, Letter(n))| n);
        ladder::check!(
            found == Some(wanted),
            "after {wanted} pops it gives out {found:?}"
        );
    }
}
