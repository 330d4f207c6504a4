//! The waker of a task: a pointer to its cell, and a table of four functions.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::{Header, TaskRef, local, remote};

/// A waker that borrows the reference of `task`: to poll with.
pub(super) fn borrowed(task: &TaskRef) -> ManuallyDrop<Waker> {
    // SAFETY: the functions of `WAKER` keep the contract of `RawWakerVTable`: they may be called on any thread, each
    // waker is one counted reference, and `drop` and `wake` give it up. This one is not counted, and is not dropped:
    // whoever keeps it clones it.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(task.as_ptr())) })
}

// ANCHOR: table
static WAKER: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop);

fn raw(pointer: NonNull<Header>) -> RawWaker {
    RawWaker::new(pointer.as_ptr().cast_const().cast(), &WAKER)
}
// ANCHOR_END: table

// ANCHOR: lent
/// The reference that a waker is. The caller gives it up, or keeps it: here it is
/// only lent.
///
/// # Safety
///
/// `data` is from a waker, a counted reference, which the caller has for the time of
/// the call, and longer only if it keeps it. (So for each of the four that follow:
/// `wake` and `drop` give it up.)
unsafe fn lent(data: *const ()) -> ManuallyDrop<TaskRef> {
    // SAFETY: `raw` made it from a pointer that is not null.
    let pointer = unsafe { NonNull::new_unchecked(data.cast_mut().cast()) };
    // SAFETY: guaranteed by the caller; it is not dropped here.
    ManuallyDrop::new(unsafe { TaskRef::counted(pointer) })
}
// ANCHOR_END: lent

/// # Safety
///
/// As [`lent`].
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: guaranteed by the caller.
    let task = unsafe { lent(data) };
    // Counted, and the new waker's.
    raw(ManuallyDrop::clone(&task).as_ptr())
}

// ANCHOR: waker
/// `Waker::wake`: wakes, and gives the waker up.
///
/// # Safety
///
/// As [`lent`].
unsafe fn wake(data: *const ()) {
    // SAFETY: guaranteed by the caller.
    let task = unsafe { lent(data) };
    if task.is_local() {
        // SAFETY: the waker's reference, now ours; and its runtime is running here.
        unsafe { local::wake(task.as_ptr()) };
    } else {
        // SAFETY: the waker's reference, now ours.
        unsafe { remote::wake(task.as_ptr()) };
    }
}
// ANCHOR_END: waker

/// # Safety
///
/// As [`lent`].
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: guaranteed by the caller.
    let task = unsafe { lent(data) };
    local::wake_task(&task);
}

/// # Safety
///
/// As [`lent`].
unsafe fn drop(data: *const ()) {
    // SAFETY: guaranteed by the caller.
    ManuallyDrop::into_inner(unsafe { lent(data) });
}
