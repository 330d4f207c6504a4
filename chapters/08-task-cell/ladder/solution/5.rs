//! Chapter 8, by me.

use std::cell::UnsafeCell;
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

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
struct Cell<W, F> {
    /// How many wakers there are.
    count: AtomicUsize,
    wake: W,
    /// Only its `Task` touches it.
    future: UnsafeCell<Option<F>>,
}

impl<W: Fn() + Send + Sync + 'static, F: 'static> Cell<W, F> {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(Self::clone, Self::wake, Self::wake_by_ref, Self::drop);

    /// A cell that one reference points to.
    fn allocate(wake: W, future: Option<F>) -> *const Self {
        Box::into_raw(Box::new(Cell {
            count: AtomicUsize::new(1),
            wake,
            future: UnsafeCell::new(future),
        }))
    }

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
    let cell = Cell::<W, ()>::allocate(wake, None);
    // SAFETY: the functions take `data` for a cell with a counted reference, as it is.
    unsafe { Waker::new(cell.cast(), &Cell::<W, ()>::VTABLE) }
}

/// A future and what wakes it, in one allocation. It is one of the references to it.
pub struct Task<W: Fn() + Send + Sync + 'static, F: Future + 'static>(
    NonNull<Cell<W, F>>,
);

impl<W: Fn() + Send + Sync + 'static, F: Future + 'static> Task<W, F> {
    pub fn new(future: F, wake: W) -> Task<W, F> {
        let cell = Cell::allocate(wake, Some(future));
        Task(NonNull::new(cell.cast_mut()).expect("a box is somewhere"))
    }

    fn data(&self) -> *const () {
        self.0.as_ptr().cast_const().cast()
    }

    pub fn waker(&self) -> Waker {
        // SAFETY: our own reference keeps the cell there.
        unsafe { Waker::from_raw(Cell::<W, F>::clone(self.data())) }
    }

    pub fn poll(&mut self) -> Poll<F::Output> {
        let waker = self.waker();
        // SAFETY: we have a reference, so it is there.
        let cell = unsafe { self.0.as_ref() };
        // SAFETY: nobody but this task touches the future, and `&mut self` is the only one here.
        let slot = unsafe { &mut *cell.future.get() };
        let future = slot.as_mut().expect("polled after completion");
        // SAFETY: it never moves: it is in a box, and dropped in its place.
        let future = unsafe { Pin::new_unchecked(future) };
        let poll = future.poll(&mut Context::from_waker(&waker));
        if poll.is_ready() {
            *slot = None;
        }
        poll
    }
}

impl<W: Fn() + Send + Sync + 'static, F: Future + 'static> Drop for Task<W, F> {
    fn drop(&mut self) {
        // SAFETY: from here on the waker has our reference, and gives it back, also on a panic.
        let _last = unsafe { Waker::new(self.data(), &Cell::<W, F>::VTABLE) };
        // SAFETY: nobody but this task touches the future.
        unsafe { *self.0.as_ref().future.get() = None };
    }
}
