//! Four functions
//!
//! A `Waker` is two pointers: one to data, and one to a table with four functions that take that data. `Arc<impl Wake>`
//! has made them for you until now. Make them yourself, for data that nobody has to free:
//!
//!     /// A waker that adds one to `count` for each wake.
//!     pub fn counting(count: &'static AtomicUsize) -> Waker
//!
//! `std::task::RawWakerVTable::new` takes the four in this order: clone, wake, wake by reference, drop. They are
//! `unsafe fn`, since they must believe that the pointer is what you say it is. Say why it is, where you believe it.
//!
//! hint: `RawWakerVTable::new` is a `const fn`, so the table can be a `static`. The data is `count` itself, as a
//! `*const ()`.
//!
//! hint: Both wakes do the same here, and drop does nothing. What does clone have to return, so that the clone counts in
//! the same place?
//!
//! hint: With `std::ptr::from_ref(count).cast()` as data:
//!
//!     unsafe fn clone(data: *const ()) -> RawWaker {
//!         RawWaker::new(data, &COUNTING)
//!     }
//!
//!     unsafe fn wake(data: *const ()) {
//!         // SAFETY: `data` is the counter that `counting` was given.
//!         let count = unsafe { &*data.cast::<AtomicUsize>() };
//!         count.fetch_add(1, Ordering::Relaxed);
//!     }
//!
//! done: A waker is four function pointers and an address, no more: it knows nothing of tasks. Here the address is good
//! for ever. Next, it is not.

use std::sync::atomic::{AtomicUsize, Ordering};

use mine::task_cell::counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static OTHER: AtomicUsize = AtomicUsize::new(0);

fn count() -> usize {
    COUNT.load(Ordering::SeqCst)
}

fn main() {
    ladder::tries("a waker that is made and dropped");
    drop(counting(&COUNT));
    ladder::check!(
        count() == 0,
        "it counts {}, and nobody was woken: drop is no wake",
        count()
    );

    ladder::tries("wake_by_ref, twice");
    let waker = counting(&COUNT);
    waker.wake_by_ref();
    waker.wake_by_ref();
    ladder::check!(
        count() > 0,
        "it counts nothing: which of the four functions is wake_by_ref? The third one"
    );
    ladder::check!(count() == 2, "it counts {}, and was woken twice", count());

    ladder::tries("wake");
    waker.wake();
    ladder::check!(
        count() != 2,
        "it counts nothing: which of the four functions is wake? The second one"
    );
    ladder::check!(
        count() == 3,
        "it counts {} times for one wake: wake uses the waker up, and is no drop besides",
        count() - 2
    );

    ladder::tries("a clone");
    let waker = counting(&COUNT);
    let clone = waker.clone();
    ladder::check!(
        count() == 3,
        "it counts, and nobody was woken: clone is no wake"
    );
    ladder::check!(
        waker.will_wake(&clone),
        "will_wake says that the clone wakes somebody else: it has another address, or another table"
    );
    clone.wake();
    ladder::check!(count() == 4, "the clone was woken, and nothing is counted");

    ladder::tries("two wakers, with two counters");
    let other = counting(&OTHER);
    other.wake_by_ref();
    ladder::check!(
        count() == 4 && OTHER.load(Ordering::SeqCst) == 1,
        "the second counter says {}, and the first one counts, too",
        OTHER.load(Ordering::SeqCst)
    );
}
