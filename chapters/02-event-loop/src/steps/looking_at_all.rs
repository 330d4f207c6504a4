//! Who is next, found by looking at every taxi each time: how many looks that takes, beside a heap.

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use chapter::{Args, BadInput};
use event_loop::Dice;
use trace::say;

thread_local! {
    static LOOKS: Cell<u64> = const { Cell::new(0) };
}

// ANCHOR: next
/// A deadline that counts how often it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Counted(u64);

impl Ord for Counted {
    fn cmp(&self, other: &Counted) -> Ordering {
        LOOKS.set(LOOKS.get() + 1);
        self.0.cmp(&other.0)
    }
}

fn next_of_list(list: &mut Vec<Counted>) -> Option<Counted> {
    let earliest = (0..list.len()).min_by_key(|&i| list[i])?;
    Some(list.swap_remove(earliest))
}
// ANCHOR_END: next

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Counted) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How many comparisons it takes to bring `taxis` home in order.
fn looks(taxis: usize, mut bring_home: impl FnMut(Vec<Counted>)) -> u64 {
    let mut dice = Dice::new(1);
    let deadlines = (0..taxis).map(|_| Counted(dice.next_u64())).collect();
    LOOKS.set(0);
    bring_home(deadlines);
    LOOKS.get()
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    for taxis in [3, 30, 300, 3000] {
        let list = looks(taxis, |mut list| while next_of_list(&mut list).is_some() {});
        let heap = looks(taxis, |deadlines| {
            let mut heap: BinaryHeap<_> = deadlines.into_iter().map(Reverse).collect();
            while heap.pop().is_some() {}
        });
        // std may change how its heap moves entries, so what is printed is a bound.
        let bound = 2 * taxis as u64 * u64::from(taxis.ilog2() + 1);
        let verdict = if heap <= bound { "at most" } else { "MORE THAN" };
        say!("{taxis:4} taxis: a list takes {list:7} looks, a heap {verdict} {bound:5}");
    }
    Ok(())
}
// ANCHOR_END: main
