//! The waker of a task: a pointer to its cell, and a table of four functions.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::header::Header;
use super::{TaskRef, local, remote};

/// A waker that borrows the reference of `task`: to poll with.
pub(super) fn borrowed(task: &TaskRef) -> ManuallyDrop<Waker> {
    // SAFETY: the functions of `WAKER` keep the contract of `RawWakerVTable`: they may be called on any thread, each
    // waker is one counted reference, and `drop` and `wake` give it up. This one is not counted, and is not dropped:
    // whoever keeps it clones it.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(task.as_ptr())) })
}

fn raw(pointer: NonNull<Header>) -> RawWaker {
    RawWaker::new(pointer.as_ptr().cast_const().cast(), &WAKER)
}

// ANCHOR: table
static WAKER: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop);
// ANCHOR_END: table

/// What a waker points to.
fn header_of(data: *const ()) -> NonNull<Header> {
    // SAFETY: `raw` made it from a pointer that is not null.
    unsafe { NonNull::new_unchecked(data.cast_mut().cast()) }
}

/// # Safety
///
/// `data` is from a waker, a counted reference, which the caller keeps for the time of the call. (So for all four;
/// `wake` and `drop` give it up.)
unsafe fn clone(data: *const ()) -> RawWaker {
    let pointer = header_of(data);
    // SAFETY: the caller's reference keeps the cell alive for the whole of this block.
    let header = unsafe { pointer.as_ref() };
    if header.is_local() {
        local::count_one_more(header);
    } else {
        remote::count_one_more(&header.remote_refs);
    }
    raw(pointer)
}

// ANCHOR: waker
/// `Waker::wake`: wakes, and gives the waker up.
///
/// # Safety
///
/// As [`clone`].
unsafe fn wake(data: *const ()) {
    let pointer = header_of(data);
    // SAFETY: the caller's reference keeps the cell alive until it is given up.
    let runtime = unsafe { (*pointer.as_ptr()).runtime };
    if local::is_current(runtime) {
        // SAFETY: the waker's reference, now ours; and its runtime is running here.
        unsafe { local::wake(pointer) };
    } else {
        // SAFETY: the waker's reference, now ours.
        unsafe { remote::wake(pointer) };
    }
}
// ANCHOR_END: waker

/// # Safety
///
/// As [`clone`].
unsafe fn wake_by_ref(data: *const ()) {
    let pointer = header_of(data);
    // SAFETY: the caller keeps its reference, so this one is lent, and not given up.
    let task = ManuallyDrop::new(unsafe { TaskRef::counted(pointer) });
    local::wake_task(&task);
}

/// # Safety
///
/// As [`clone`].
unsafe fn drop(data: *const ()) {
    // SAFETY: the waker's reference, now ours.
    unsafe { local::give_up(header_of(data)) };
}
