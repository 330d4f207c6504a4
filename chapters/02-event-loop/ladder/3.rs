//! Nobody waits any more
//!
//! A taxi breaks down, and its next event must not happen. Let `push` return a name for what it has pushed, and let
//! `cancel` take that out, wherever it is in the heap: it gives the value back, or `None` if that has left already.
//! `next_deadline` says when the next one is due without taking it out. A cancelled entry is never due.
//!
//!     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//!     pub struct EntryId { /* … */ }
//!
//!     impl<T> TimeHeap<T> {
//!         pub fn push(&mut self, deadline: Duration, value: T) -> EntryId
//!         pub fn cancel(&mut self, id: EntryId) -> Option<T>
//!         pub fn next_deadline(&mut self) -> Option<Duration>
//!     }
//!
//! To search the heap for an entry would take as many looks as there are entries, and most timeouts are cancelled. An
//! `EntryId` may be kept for years, so it must never name an entry that came later. And slots should be used again,
//! since a server, too, pushes for years. Dead keys need not be swept out before they come to the top.
//!
//! hint: Leave the key on the heap and empty its slot. A key whose slot is empty is dead. When a dead key comes to the
//! top, throw it away.
//!
//! hint: When a slot is used again, the old id still has its number. So an id also holds the number of its push, and a
//! slot the number of the push it belongs to. They must agree.
//!
//! hint: A slot is free for another entry when its key has left the heap, not when the slot is emptied: otherwise a
//! dead key would come back to life.
//!
//!     pub fn cancel(&mut self, id: EntryId) -> Option<T> {
//!         let slot = &mut self.slots[id.slot];
//!         if slot.order == id.order { slot.value.take() } else { None }
//!     }
//!
//! done: This heap is the timer queue of a runtime: ordered by time, first come first served, and cancelling costs next
//! to nothing. In chapter 5 every `sleep` of yours lies in it. Next, the loop that drives.

use mine::event_loop::TimeHeap;
use std::time::Duration;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// All that is left, in order.
fn rest(heap: &mut TimeHeap<&'static str>) -> String {
    let mut rest = Vec::new();
    while let Some((_, name)) = heap.pop() {
        rest.push(name);
    }
    rest.join(" ")
}

fn main() {
    ladder::hangs("it does not return");
    ladder::tries("A at 1 s, B at 3 s, C at 2 s; B is cancelled");
    let mut heap = TimeHeap::new();
    heap.push(seconds(1), "A");
    let b = heap.push(seconds(3), "B");
    heap.push(seconds(2), "C");
    let found = heap.cancel(b);
    ladder::check!(
        found == Some("B"),
        "cancel should give B back, and gives {found:?}"
    );
    let again = heap.cancel(b);
    ladder::check!(
        again.is_none(),
        "B is cancelled twice, and the second time it gives {again:?}"
    );
    let left = rest(&mut heap);
    ladder::check!(
        left != "A C B",
        "B still comes out, although it was cancelled"
    );
    ladder::check!(
        left == "A C",
        "A and C should be left, and it gives out {left:?}"
    );

    ladder::tries("B is cancelled when it has come out already");
    let b = heap.push(seconds(1), "B");
    heap.pop();
    let late = heap.cancel(b);
    ladder::check!(late.is_none(), "it gives {late:?} a second time");

    ladder::tries("B came out, C was pushed, and B is cancelled");
    heap.push(seconds(4), "C");
    let hit = heap.cancel(b);
    ladder::check!(
        hit.is_none(),
        "the cancel hits {hit:?}, which has B's slot now: an id must not name a later entry"
    );
    let left = rest(&mut heap);
    ladder::check!(left == "C", "C should be left, and it gives out {left:?}");

    ladder::tries("B at 1 s is cancelled, then C is pushed for 9 s and A for 5 s");
    let b = heap.push(seconds(1), "B");
    heap.cancel(b);
    heap.push(seconds(9), "C");
    heap.push(seconds(5), "A");
    let first = heap.pop();
    ladder::check!(
        first != Some((seconds(1), "C")),
        "C comes out at B's moment: B's key was still on the heap when its slot was given to C"
    );
    ladder::check!(
        first.is_some(),
        "nothing comes out, and A and C are waiting: a dead key at the top is thrown away, and the next one counts"
    );
    ladder::check!(
        first != Some((seconds(1), "A")),
        "A comes out at B's moment: B's key was still on the heap when its slot was given to A"
    );
    ladder::check!(
        first == Some((seconds(5), "A")),
        "A should come out at 5 s, and it gives out {first:?}"
    );
    let left = rest(&mut heap);
    ladder::check!(left == "C", "C should be left, and it gives out {left:?}");

    ladder::tries("next_deadline, with A at 2 s and B at 1 s");
    heap.push(seconds(2), "A");
    let b = heap.push(seconds(1), "B");
    let next = heap.next_deadline();
    ladder::check!(
        next == Some(seconds(1)),
        "B is due at 1 s, and it says {next:?}"
    );
    ladder::tries("next_deadline, when B is cancelled");
    heap.cancel(b);
    let next = heap.next_deadline();
    ladder::check!(
        next != Some(seconds(1)),
        "it says 1 s, and what was due then is cancelled: a loop would wake up for nothing"
    );
    ladder::check!(
        next == Some(seconds(2)),
        "A is due at 2 s, and it says {next:?}"
    );
    let left = rest(&mut heap);
    ladder::check!(
        left == "A",
        "next_deadline only looks: A should be left, and it gives out {left:?}"
    );
    let next = heap.next_deadline();
    ladder::check!(next.is_none(), "nobody is left, and it says {next:?}");

    ladder::tries("100,000 timeouts that are cancelled, beside 100,000 others");
    ladder::hangs("it takes seconds: does cancel look through the heap?");
    let others = (0..100_000).map(|n| heap.push(seconds(1_000_000 - n), "other"));
    let others: Vec<_> = others.collect();
    for other in others {
        ladder::check!(heap.cancel(other).is_some(), "one of them is not found");
    }
    let left = rest(&mut heap);
    ladder::check!(
        left.is_empty(),
        "all are cancelled, and it gives out {left:?}"
    );
}
