//! Something that lives
//!
//! A waker for any closure: it calls it. The closure has to be somewhere, for as long as there is a waker: in a box. Free
//! nothing yet.
//!
//!     /// Calls `wake` whenever it is woken.
//!     pub fn waker<W: Fn() + Send + Sync + 'static>(wake: W) -> Waker
//!
//! The four functions must know the type behind the pointer: for each `W` they are others, and so is the table.
//!
//! hint: A struct `Cell<W>` holds the closure. `Box::into_raw` gives the address of a box, and gives it away: nobody frees
//! it.
//!
//! hint: Functions in an `impl<W: Fn() + Send + Sync + 'static> Cell<W>` know `W`, and an associated constant there can
//! be their table: `const VTABLE: RawWakerVTable`. `&Self::VTABLE` lives for ever.
//!
//! hint: The wake, and what makes the waker:
//!
//!     unsafe fn wake_by_ref(data: *const ()) {
//!         // SAFETY: whoever wakes has a waker, so the cell is there.
//!         let cell = unsafe { &*data.cast::<Self>() };
//!         (cell.wake)();
//!     }
//!
//!     let data = Box::into_raw(Box::new(Cell { wake }));
//!     // SAFETY: the functions take `data` for a cell that is there, as it is.
//!     unsafe { Waker::new(data.cast(), &Cell::<W>::VTABLE) }
//!
//! done: Any number of wakers point to one cell, and none of them owns it. Nobody frees it: that is a leak, which is
//! safe and a waste. To free it, somebody has to know who is the last.

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
        CALLS.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        FREED.fetch_add(1, Ordering::SeqCst);
    }
}

fn calls() -> usize {
    CALLS.load(Ordering::SeqCst)
}

/// What must be there is there.
fn lives(when: &str) {
    ladder::check!(
        FREED.load(Ordering::SeqCst) == 0,
        "the cell was freed {when}, and there is a waker that points to it: the next wake would read memory that is gone"
    );
}

/// A waker that is not dropped by itself: if the cell is gone, that would do damage.
fn made() -> ManuallyDrop<Waker> {
    let held = Held;
    ManuallyDrop::new(waker(move || held.called()))
}

fn main() {
    ladder::tries("waker(closure)");
    let first = made();
    lives("when the waker was made");
    ladder::check!(calls() == 0, "the closure was called, and nobody was woken");

    ladder::tries("wake_by_ref, twice");
    first.wake_by_ref();
    lives("by wake_by_ref");
    first.wake_by_ref();
    lives("by wake_by_ref");
    ladder::check!(
        calls() == 2,
        "the closure should be called twice, and was called {} times",
        calls()
    );

    ladder::tries("a clone that is woken");
    let clone = ManuallyDrop::new((*first).clone());
    lives("by clone");
    ladder::check!(
        calls() == 2,
        "the closure was called, and nobody was woken: clone is no wake"
    );
    ladder::check!(
        first.will_wake(&clone),
        "will_wake says that the clone wakes somebody else"
    );
    clone.wake_by_ref();
    ladder::check!(
        calls() == 3,
        "the clone was woken, and the closure not called"
    );

    ladder::tries("a clone that is used up by wake, while the first waker is there");
    (*first).clone().wake();
    lives("by wake");
    ladder::check!(
        calls() == 4,
        "the clone was woken by value, and the closure called {} times",
        calls() - 3
    );

    ladder::tries("a clone that is dropped, while the first waker is there");
    drop(ManuallyDrop::into_inner(clone));
    lives("by the drop of a clone");
    first.wake_by_ref();
    ladder::check!(calls() == 5, "the closure is not called any more");

    ladder::tries("wakers of two closures");
    let other = ManuallyDrop::new(waker(|| ()));
    other.wake_by_ref();
    ladder::check!(calls() == 5, "the closure of the first one was called");
    ladder::check!(
        !first.will_wake(&other),
        "will_wake says that they wake the same"
    );
}
