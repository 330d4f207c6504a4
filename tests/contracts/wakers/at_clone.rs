//! A waker that does something when it is cloned.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::task::{RawWaker, RawWakerVTable, Waker};

thread_local! {
    /// What the waker does when it is cloned; each test has a thread of its own.
    static AT_CLONE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// Whether that waker was woken.
    static WOKEN: Cell<bool> = const { Cell::new(false) };
}

/// A waker that runs `work` when it is cloned first. One to a thread.
pub(crate) fn at_clone(work: impl FnOnce() + 'static) -> Waker {
    static VTABLE: RawWakerVTable = RawWakerVTable::new(
        |data| {
            if let Some(work) = AT_CLONE.with(RefCell::take) {
                work();
            }
            RawWaker::new(data, &VTABLE)
        },
        |_| WOKEN.set(true),
        |_| WOKEN.set(true),
        |_| (),
    );
    WOKEN.set(false);
    AT_CLONE.set(Some(Box::new(work)));
    // SAFETY: the functions touch no data, so they may be called at any time on any thread.
    unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &VTABLE)) }
}

/// Whether it was woken since this was last asked.
pub(crate) fn was_woken() -> bool {
    WOKEN.take()
}
