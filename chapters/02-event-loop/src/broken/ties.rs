//! A heap that compares times only: who comes first among equals is luck.
//!
//! What it prints follows from how std's heap moves its entries, and may change with std.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
#[derive(PartialEq, Eq)]
struct Entry {
    deadline: u64,
    taxi: u32,
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        self.deadline.cmp(&other.deadline)
    }
}

/// The order in which taxis 0 to 9, all due at 4, come out of a heap with `others` in it.
fn order(others: &[u64]) -> String {
    let mut heap = BinaryHeap::new();
    for &deadline in others {
        heap.push(Reverse(Entry { deadline, taxi: 99 }));
    }
    for taxi in 0..10 {
        heap.push(Reverse(Entry { deadline: 4, taxi }));
    }
    let mut order = String::new();
    while let Some(Reverse(entry)) = heap.pop() {
        if entry.taxi != 99 {
            order += &format!(" {}", entry.taxi);
        }
    }
    order
}
// ANCHOR_END: main

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("alone:             {}", order(&[]));
    say!("with another at 9: {}", order(&[9]));
    say!("with one at 1:     {}", order(&[1]));
    Ok(())
}
