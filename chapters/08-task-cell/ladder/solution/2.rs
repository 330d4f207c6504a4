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

/// What the wakers of one closure point to.
struct Cell<W> {
    wake: W,
}

impl<W: Fn() + Send + Sync + 'static> Cell<W> {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(Self::clone, Self::wake, Self::wake_by_ref, Self::drop);

    unsafe fn clone(data: *const ()) -> RawWaker {
        RawWaker::new(data, &Self::VTABLE)
    }

    unsafe fn wake(data: *const ()) {
        // SAFETY: as for `wake_by_ref`.
        unsafe { Self::wake_by_ref(data) };
    }

    unsafe fn wake_by_ref(data: *const ()) {
        // SAFETY: whoever wakes has a waker, so the cell is there.
        let cell = unsafe { &*data.cast::<Self>() };
        (cell.wake)();
    }

    /// It is never freed yet.
    unsafe fn drop(_data: *const ()) {}
}

/// Calls `wake` whenever it is woken.
pub fn waker<W: Fn() + Send + Sync + 'static>(wake: W) -> Waker {
    let data = Box::into_raw(Box::new(Cell { wake }));
    // SAFETY: the functions take `data` for a cell that is there, as it is.
    unsafe { Waker::new(data.cast(), &Cell::<W>::VTABLE) }
}
