//! Who came first?
//!
//! Ten taxis are due at the same moment. A heap moves its entries about, and which of the ten comes out first follows
//! from that, not from your program. Let equal moments come out in the order in which they were pushed.
//!
//!     impl<T> TimeHeap<T> {
//!         pub fn push(&mut self, deadline: Duration, value: T)
//!     }
//!
//! hint: Two keys with the same moment must still differ in something that says which was pushed first. What does every
//! push have that no other has?
//!
//! hint: Count the pushes. Slots will be used again, so the number of a slot does not tell which came first.
//!
//! hint: A derived order compares the fields from top to bottom:
//!
//!     #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
//!     struct Key {
//!         deadline: Duration,
//!         /// Counts the pushes.
//!         order: u64,
//!         slot: usize,
//!     }
//!
//! done: First come, first served, and every run is the same on every machine. Without that one field, no transcript in
//! this book would be.

use mine::event_loop::TimeHeap;
use std::time::Duration;

fn main() {
    let moment = Duration::from_secs(4);

    ladder::tries("ten values at the same moment");
    ladder::hangs("pop does not return");
    let mut heap = TimeHeap::new();
    for n in 0..10 {
        let _ = heap.push(moment, n);
    }
    let mut order = Vec::new();
    while let Some((_, n)) = heap.pop() {
        order.push(n);
    }
    let backwards: Vec<i32> = (0..10).rev().collect();
    let forwards: Vec<i32> = (0..10).collect();
    ladder::check!(
        order != backwards,
        "the last one comes first: the order of the pushes is turned round"
    );
    ladder::check!(
        order == forwards,
        "they come out in the order {order:?}: what tells two equal moments apart?"
    );

    ladder::tries("a moment's values, with pops in between");
    for n in [1, 2, 3, 4] {
        let _ = heap.push(moment, n);
    }
    let _ = (heap.pop(), heap.pop());
    for n in [5, 6, 7] {
        let _ = heap.push(moment, n);
    }
    let mut order = Vec::new();
    while let Some((_, n)) = heap.pop() {
        order.push(n);
    }
    ladder::check!(
        order == [3, 4, 5, 6, 7],
        "1 to 4 were pushed, two of them popped, and then 5 to 7 pushed: 3, 4, 5, 6 and 7 should be left, and it gives \
         out {order:?}. Count the pushes: neither the number of a slot nor the length of the heap tells which came first"
    );

    ladder::tries("an earlier moment that is pushed last");
    let _ = heap.push(moment, 1);
    let _ = heap.push(Duration::from_secs(3), 2);
    let first = heap.pop().map(|(_, n)| n);
    ladder::check!(
        first == Some(2),
        "the moment decides, and only between equal ones the order of the pushes"
    );
}
