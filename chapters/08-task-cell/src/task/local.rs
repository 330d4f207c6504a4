//! A task's references where its runtime is running: plain numbers, no lock.
//!
//! Local is a matter of the runtime, not of the thread: the runtime's number is in a thread-local while it runs, and
//! only then. Two runtimes on one thread are remote to each other, and a runtime that does not run is remote to its own
//! thread. There the waker goes the long way, by mail, and is as right as here.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use super::{Header, LocalCall, Mail, TaskRef, header, remote};
use crate::core::Core;
use crate::executor::CLOSED;
use crate::sync::Ordering;

// ANCHOR: current
/// Which runtime is running on this thread. Without a destructor, so it can be read
/// while the thread ends.
#[derive(Clone, Copy)]
struct Current {
    /// Zero if there is none.
    runtime: u64,
    /// Valid while `runtime` is not zero.
    core: *const Core,
}
// ANCHOR_END: current

crate::sync::thread_local! {
    static CURRENT: Cell<Current> =
        const { Cell::new(Current { runtime: 0, core: ptr::null() }) };
}

/// Whether the runtime of this number is running on this thread.
#[inline]
pub(crate) fn is_current(runtime: NonZeroU64) -> bool {
    CURRENT.with(Cell::get).runtime == runtime.get()
}

// ANCHOR: with-core
/// The runtime that is running on this thread.
// Inlined, so that after `is_local` it is known to be there.
#[inline(always)]
pub(crate) fn with_core<T>(work: impl FnOnce(&Core) -> T) -> Option<T> {
    let current = CURRENT.with(Cell::get);
    // SAFETY: the number is not zero only while an `Entered` lives, which owns the core.
    // It lives in a frame of `run` or `close` further up this stack, and is dropped by
    // nobody else; so the core outlives `work`.
    (current.runtime != 0).then(|| work(unsafe { &*current.core }))
}
// ANCHOR_END: with-core

/// Makes `core` the runtime that is running on this thread, until the guard is dropped.
pub(crate) fn enter(core: Rc<Core>) -> Entered {
    core.registry.entered();
    let current = Current {
        runtime: core.number.get(),
        core: Rc::as_ptr(&core),
    };
    let before = CURRENT.with(|it| it.replace(current));
    Entered { before, core }
}

/// Restores what was, also on unwind.
pub(crate) struct Entered {
    before: Current,
    core: Rc<Core>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|it| it.set(self.before));
        self.core.registry.left();
    }
}

/// Counts a clone that is made locally.
#[inline]
pub(super) fn count_one_more(header: &Header) {
    match header.local_refs.get().checked_add(1) {
        Some(refs) => header.local_refs.set(refs),
        None => std::process::abort(),
    }
}

// ANCHOR: give-up
/// Gives a reference up, local or remote. The last one frees the cell.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more.
#[inline]
pub(super) unsafe fn give_up(pointer: NonNull<Header>) {
    // SAFETY: the reference keeps the cell alive.
    let runtime = unsafe { (*pointer.as_ptr()).runtime };
    if !is_current(runtime) {
        // SAFETY: guaranteed by the caller.
        return unsafe { remote::give_up(pointer) };
    }
    // SAFETY: the reference keeps the cell alive, and its runtime runs here. The borrow
    // ends with this block.
    let left = unsafe {
        let header = pointer.as_ref();
        let refs = header.local_refs.get() - 1;
        header.local_refs.set(refs);
        // The clones of those that are given up were counted before (rule 2), so
        // no order is needed to see them.
        refs.wrapping_add_unsigned(header.remote_refs.load(Ordering::Relaxed))
    };
    if left == 0 {
        // SAFETY: that was the last reference, and its runtime runs here.
        unsafe { free(pointer) };
    }
}
// ANCHOR_END: give-up

/// Frees a cell whose runtime is running here.
///
/// # Safety
///
/// The last reference was given up; the runtime is running on this thread.
#[cold]
#[inline(never)]
unsafe fn free(pointer: NonNull<Header>) {
    // SAFETY: nobody else can reach the cell, which is still there.
    let header = unsafe { pointer.as_ref() };
    with_core(|core| core.registry.remove(header));
    // SAFETY: the last reference is gone. The task's life was one, so it is over, and its future dropped; and so was
    // its handle, so there is no output.
    unsafe { header::free(pointer) };
}

// ANCHOR: wake
/// Wakes locally, with a reference that the queue takes over.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more; its runtime is running
/// on this thread.
#[inline(always)]
pub(super) unsafe fn wake(pointer: NonNull<Header>) {
    // SAFETY: the reference is counted, and nobody else's.
    let task = unsafe { TaskRef::counted(pointer) };
    task.traced.woken(task.state.has(super::QUEUED));
    with_core(|core| {
        if task.state.wake() {
            core.queue.push_task(task);
        }
    });
}
// ANCHOR_END: wake

/// Puts `task` on the queue, unless it is there; from wherever its runtime's thread is.
#[inline]
pub(crate) fn wake_task(task: &TaskRef) {
    if !task.is_local() {
        // SAFETY: `task` is a counted reference, which is kept.
        return unsafe { remote::wake_by_ref(task.as_ptr()) };
    }
    count_one_more(task);
    // SAFETY: it was counted just now, and its runtime runs here.
    unsafe { wake(task.as_ptr()) };
}

impl TaskRef {
    /// Queues `callback` at its runtime, from wherever on its thread.
    ///
    /// # Panics
    ///
    /// If that is closed.
    #[track_caller]
    pub(crate) fn call_soon(&self, callback: wakers::Callback) {
        if self.is_local() {
            return with_core(|core| core.call_soon(callback)).unwrap_or_default();
        }
        // Outside a run it goes by mail, which an executor that is closed refuses.
        let is_sent = self
            .inbox()
            .send(Mail::LocalCall(LocalCall(callback)))
            .is_ok();
        assert!(is_sent, "{CLOSED}");
    }
}
