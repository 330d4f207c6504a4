//! A wake that uses its waker up
//!
//! `wake` takes the waker by value: it wakes, and then the waker is gone, so its count must be given back. Most wakers
//! end like this, and not by `drop`. Mend the second of the four functions:
//!
//!     unsafe fn wake(data: *const ())
//!
//! First call, then give back: the closure is in the cell. And a closure may panic: then the count must be given back all
//! the same.
//!
//! hint: Giving back is what the fourth function does. In which order?
//!
//! hint: What is given back on a panic, too? Whatever has a destructor. And there is a type whose destructor gives back
//! exactly this.
//!
//! hint: Make the pointer a `Waker` again, and let that fall out of scope:
//!
//!     // SAFETY: the reference is ours now. The waker gives it back, also on a panic.
//!     let waker = unsafe { Waker::new(data, &Self::VTABLE) };
//!     waker.wake_by_ref();
//!
//! done: Clone adds, drop takes, wake takes after it has called, wake_by_ref does neither: four functions and one number,
//! and no wake reads memory that is gone. What is left is to put something behind it that is worth a wake.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;

use mine::task_cell::waker;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);

/// What the closure holds. It has no size, so nothing of it can be damaged.
struct Held;

impl Held {
    fn called(&self) {
        ladder::check!(
            !freed(),
            "the closure is called after the cell was freed: it lies in there. First call, then give back"
        );
        CALLS.fetch_add(1, Ordering::SeqCst);
    }
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

/// A waker whose closure panics if it is to.
fn made(panics: bool) -> ManuallyDrop<Waker> {
    CALLS.store(0, Ordering::SeqCst);
    FREED.store(0, Ordering::SeqCst);
    let held = Held;
    let wake = move || {
        held.called();
        assert!(!panics, "as it was asked to");
    };
    ManuallyDrop::new(waker(wake))
}

fn main() {
    ladder::tries("a clone that is woken by value, while the first waker is there");
    let first = made(false);
    let clone = ManuallyDrop::new((*first).clone());
    ManuallyDrop::into_inner(clone).wake();
    let calls = CALLS.load(Ordering::SeqCst);
    ladder::check!(
        calls == 1,
        "the closure should be called once, and was called {calls} times"
    );
    ladder::check!(
        !freed(),
        "the cell is freed, and the first waker still points to it: one wake gives one count back"
    );

    ladder::tries("the first waker, woken by reference and then by value");
    first.wake_by_ref();
    ladder::check!(
        !freed(),
        "wake_by_ref has freed the cell, and borrows it only"
    );
    ManuallyDrop::into_inner(first).wake();
    ladder::check!(
        freed(),
        "both wakers are used up, and the cell is not freed: a leak. Who gives their counts back?"
    );

    ladder::tries("one waker that is woken by value");
    let only = made(false);
    ManuallyDrop::into_inner(only).wake();
    ladder::check!(
        freed(),
        "the waker is used up, and the cell is not freed: a leak"
    );

    ladder::tries("a waker that is woken by value, and whose closure panics");
    let only = made(true);
    let panicked = ladder::panics(|| ManuallyDrop::into_inner(only).wake());
    ladder::check!(panicked.is_some(), "the panic does not come through");
    ladder::check!(
        freed(),
        "the closure has panicked, and the cell is not freed: a leak. What is done on a panic, too?"
    );
}
