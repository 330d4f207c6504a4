//! Chapter 8, by me.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{RawWaker, RawWakerVTable, Waker};

static COUNTING: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop_nothing);

/// Counts its wakes in `count`, which is there for ever: nobody has to free it.
pub fn counting(count: &'static AtomicUsize) -> Waker {
    let data = std::ptr::from_ref(count).cast();
    // SAFETY: the four functions take `data` for a counter that is never freed, as it is.
    unsafe { Waker::new(data, &COUNTING) }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &COUNTING)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: `data` is the counter that `counting` was given.
    let count = unsafe { &*data.cast::<AtomicUsize>() };
    count.fetch_add(1, Ordering::Relaxed);
}

unsafe fn drop_nothing(_data: *const ()) {}
