//! Chapter 8, by me.

use std::sync::atomic::{AtomicUsize, Ordering, fence};
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
    /// How many wakers there are.
    count: AtomicUsize,
    wake: W,
}

impl<W: Fn() + Send + Sync + 'static> Cell<W> {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(Self::clone, Self::wake, Self::wake_by_ref, Self::drop);

    unsafe fn clone(data: *const ()) -> RawWaker {
        // SAFETY: whoever clones a waker has one, so the cell is there.
        let cell = unsafe { &*data.cast::<Self>() };
        cell.count.fetch_add(1, Ordering::Relaxed);
        RawWaker::new(data, &Self::VTABLE)
    }

    unsafe fn wake(data: *const ()) {
        // SAFETY: the reference is ours now. The waker gives it back, also on a panic.
        let waker = unsafe { Waker::new(data, &Self::VTABLE) };
        waker.wake_by_ref();
    }

    unsafe fn wake_by_ref(data: *const ()) {
        // SAFETY: whoever wakes has a waker, so the cell is there.
        let cell = unsafe { &*data.cast::<Self>() };
        (cell.wake)();
    }

    unsafe fn drop(data: *const ()) {
        // SAFETY: the reference that is given back here is still counted.
        let cell = unsafe { &*data.cast::<Self>() };
        if cell.count.fetch_sub(1, Ordering::Release) == 1 {
            // What others did with the cell comes before its end.
            fence(Ordering::Acquire);
            // SAFETY: it came from `Box::into_raw`, and that was the last reference.
            std::mem::drop(unsafe { Box::from_raw(data.cast::<Self>().cast_mut()) });
        }
    }
}

/// Calls `wake` whenever it is woken.
pub fn waker<W: Fn() + Send + Sync + 'static>(wake: W) -> Waker {
    let count = AtomicUsize::new(1);
    let data = Box::into_raw(Box::new(Cell { count, wake }));
    // SAFETY: the functions take `data` for a cell with a counted reference, as it is.
    unsafe { Waker::new(data.cast(), &Cell::<W>::VTABLE) }
}
