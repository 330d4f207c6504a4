//! A task's references on another thread, or on its own while its runtime does not run.
//!
//! Its functions are marked cold: nearly every wake is local, and does not pay for what stands here.
//!
//! What is touched here: `vtable`, `inbox` and `runtime`, which never change; `remote_refs` and `mailed`, which are
//! atomic.

use std::ptr::NonNull;

use super::{Header, Mail, Posted, header};
use crate::sync::{Arc, AtomicUsize, Ordering, fence};

/// Counts a clone.
pub(super) fn count_one_more(remote_refs: &AtomicUsize) {
    // Whoever counts has a reference already, so nothing can be freed meanwhile: no order is needed.
    let before = remote_refs.fetch_add(1, Ordering::Relaxed);
    // After closing, the sum is in here: it is never negative then. Before, it only grows.
    if before > isize::MAX as usize {
        std::process::abort();
    }
}

// ANCHOR: wake
/// Wakes, and keeps the reference.
///
/// # Safety
///
/// `pointer` is a counted reference, which the caller keeps for the time of the call.
#[cold]
pub(super) unsafe fn wake_by_ref(pointer: NonNull<Header>) {
    // SAFETY: the caller's reference keeps the cell alive for the whole of this block.
    let header = unsafe { pointer.as_ref() };
    if header.mailed.swap(true, Ordering::AcqRel) {
        // Whoever set it has mailed a wake, or is about to. It is cleared before the poll
        // that answers, and the poll reads what was written before this swap.
        return;
    }
    count_one_more(&header.remote_refs);
    // SAFETY: the reference that was counted just now is sent.
    unsafe { send(pointer, Mail::Wake) };
}
// ANCHOR_END: wake

/// Wakes, and gives the reference up.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more.
#[cold]
pub(super) unsafe fn wake(pointer: NonNull<Header>) {
    // SAFETY: the reference keeps the cell alive.
    let again = unsafe { (*pointer.as_ptr()).mailed.swap(true, Ordering::AcqRel) };
    let mail = if again { Mail::Drop } else { Mail::Wake };
    // SAFETY: guaranteed by the caller.
    unsafe { send(pointer, mail) };
}

/// Gives the reference up. (A call of its own, so that the local path, which is everywhere, is short.)
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more.
#[cold]
pub(super) unsafe fn give_up(pointer: NonNull<Header>) {
    // SAFETY: guaranteed by the caller.
    unsafe { send(pointer, Mail::Drop) };
}

/// Mails the reference to its runtime; or, if that is closed, counts it down here.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more.
unsafe fn send(pointer: NonNull<Header>, mail: fn(Posted) -> Mail) {
    let mail = mail(Posted(pointer));
    // SAFETY: the reference keeps the cell alive until it is sent, and it is not used after that.
    let header = unsafe { pointer.as_ref() };
    header.traced.posted(matches!(mail, Mail::Wake(_)));
    // Once the runtime has the reference, it may free the cell, close, and drop the inbox, while its lock or its
    // unparker is still in use here: so the inbox is kept.
    if header.inbox().send(mail).is_err() {
        // SAFETY: the mail was refused, so the runtime is closed, and the reference came back.
        unsafe { count_down(pointer) };
    }
}

/// Counts a reference down after the runtime was closed. The last one frees the cell.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more, and the caller has found the inbox closed.
pub(super) unsafe fn count_down(pointer: NonNull<Header>) {
    // SAFETY: the reference keeps the cell alive until the subtraction. Nothing refers into it afterwards.
    let (inbox, before) = unsafe {
        let header = pointer.as_ptr();
        let inbox = (*header).inbox;
        (inbox, (*header).remote_refs.fetch_sub(1, Ordering::Release))
    };
    if before == 1 {
        // What the others did with the cell comes before it is freed.
        fence(Ordering::Acquire);
        // SAFETY: that was the last reference. `close` dropped the future, and an output's handle was one of the
        // references (rules 5 and 6), so nothing of a user is in it.
        unsafe { header::free(pointer) };
        // SAFETY: closing made this cell an owner of the inbox; that one goes with it.
        unsafe { Arc::decrement_strong_count(inbox) };
    }
}

/// Closing: hands the count of a cell over to those who are left. Under the inbox's lock. True if nobody is.
///
/// # Safety
///
/// The cell is not freed, this is its runtime's thread, it is handed over once, and nothing is counted locally after
/// this.
pub(super) unsafe fn hand_over(pointer: NonNull<Header>) -> bool {
    // SAFETY: the cell is not freed. Nobody counts down before the lock is open.
    let header = unsafe { pointer.as_ref() };
    let local = header.local_refs.replace(0).cast_unsigned();
    let before = header.remote_refs.fetch_add(local, Ordering::AcqRel);
    if before.wrapping_add(local) == 0 {
        return true;
    }
    // Nobody need mail a wake from now on.
    header.mailed.store(true, Ordering::Release);
    // SAFETY: the inbox is alive: the runtime owns it until after this. The owner made here is the cell, and goes
    // with it in `count_down`.
    unsafe { Arc::increment_strong_count(header.inbox) };
    false
}
