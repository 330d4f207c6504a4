//! Who is the last?
//!
//! Count. The cell knows how many wakers point to it; a clone adds one, and the drop that takes the last one frees the
//! cell. Not earlier, and not twice.
//!
//! `waker` keeps its signature. Until the next rung, a `wake` by value may still forget to give its waker back.
//!
//!     struct Cell<W> {
//!         count: AtomicUsize,
//!         wake: W,
//!     }
//!
//! The count is atomic, since clones are dropped on any thread. Nothing would warn you of a plain number: behind a raw
//! pointer the compiler does not see that it is shared.
//!
//! hint: With what number does a cell begin whose first waker is just being made?
//!
//! hint: `fetch_sub(1)` says what the count was *before*. What is it, when the last one goes? `Box::from_raw` takes back
//! what `Box::into_raw` has given away.
//!
//! hint: The drop. What other threads did with the cell must come before its end, hence the orderings:
//!
//!     if cell.count.fetch_sub(1, Ordering::Release) == 1 {
//!         fence(Ordering::Acquire);
//!         // SAFETY: it came from `Box::into_raw`, and that was the last reference.
//!         std::mem::drop(unsafe { Box::from_raw(data.cast::<Self>().cast_mut()) });
//!     }
//!
//! done: This is an `Arc`, made by hand. Chapter 8's cell has two counts, one for wakers on the loop's own thread, which
//! needs no atomics, and one for those on other threads; but what a count promises is this.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;
use std::thread;

use mine::task_cell::waker;

static FREED: AtomicUsize = AtomicUsize::new(0);

/// What the closure holds. It has no size, so nothing of it can be damaged.
struct Held;

impl Held {
    fn called(&self) {}
}

impl Drop for Held {
    fn drop(&mut self) {
        let before = FREED.fetch_add(1, Ordering::SeqCst);
        ladder::check!(before == 0, "the cell is freed a second time");
    }
}

fn freed() -> bool {
    FREED.load(Ordering::SeqCst) > 0
}

/// A waker that is dropped by `give_back` alone: if its cell is gone, that would do damage.
fn made() -> ManuallyDrop<Waker> {
    FREED.store(0, Ordering::SeqCst);
    let held = Held;
    ManuallyDrop::new(waker(move || held.called()))
}

/// Gives a waker back, after which `left` others are there.
fn give_back(waker: ManuallyDrop<Waker>, left: usize) {
    drop(ManuallyDrop::into_inner(waker));
    ladder::check!(
        left == 0 || !freed(),
        "the cell is freed, and another waker still points to it: its next wake would read memory that is gone. Who was \
         not counted?"
    );
    ladder::check!(
        left > 0 || freed(),
        "the last waker is dropped, and the cell is not freed: a leak. What was the count?"
    );
}

fn main() {
    ladder::tries("one waker that is dropped");
    give_back(made(), 0);

    ladder::tries("a waker and a clone, of which the clone goes first");
    let first = made();
    let clone = ManuallyDrop::new((*first).clone());
    give_back(clone, 1);
    give_back(first, 0);

    ladder::tries("a waker and a clone, of which the waker goes first");
    let first = made();
    let clone = ManuallyDrop::new((*first).clone());
    give_back(first, 1);
    give_back(clone, 0);

    ladder::tries("a waker that is woken by reference, and dropped");
    let first = made();
    first.wake_by_ref();
    ladder::check!(
        !freed(),
        "wake_by_ref has freed the cell, and borrows it only"
    );
    give_back(first, 0);

    ladder::tries("clones of a clone");
    let mut all = vec![made()];
    for _ in 0..9 {
        let newest = ManuallyDrop::new((**all.last().expect("one")).clone());
        all.push(newest);
    }
    for (left, waker) in (0..10).rev().zip(all) {
        give_back(waker, left);
    }

    ladder::tries("clones that are dropped on other threads");
    let first = made();
    let others: Vec<_> = (0..4)
        .map(|_| {
            let clone = ManuallyDrop::new((*first).clone());
            thread::spawn(move || drop(ManuallyDrop::into_inner(clone)))
        })
        .collect();
    for other in others {
        other.join().expect("the thread ends");
    }
    give_back(first, 0);
}
