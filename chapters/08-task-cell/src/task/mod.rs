//! A task: one allocation, and the one door to the `unsafe` code of this book.
//!
//! What the files of this folder promise each other stands below. What leaves the folder is a [`TaskRef`] (one
//! reference), a [`JoinHandle`] (the task with its value), the [`Registry`] and the [`Inbox`].
//!
//! *Local* is the thread on which the task's runtime is running, while it runs. Everything else is *remote*: another
//! thread, another runtime on the same thread, and the runtime's own thread between two runs.
//!
//! # Who owns what
//!
// ANCHOR: owners
//! 1. A cell lives as long as it is *referenced*. References are: each waker, each entry
//!    of the run queue, each piece of mail, the handle, each [`TaskRef`], and the task's
//!    own life, from its spawn to its end.
//! 2. Their number is `local_refs + remote_refs`. `local_refs` is a plain number that is
//!    changed locally only. It may be negative: a waker cloned remotely may be dropped
//!    locally. `remote_refs` is atomic; while the runtime is open it only grows. A
//!    reference that is dropped remotely is mailed to the runtime, which then decrements
//!    `local_refs`. So only the runtime can find the sum to be zero, and only it frees.
//!    It does not find zero too early: whoever clones still has the reference that is
//!    cloned, and counts before the clone exists. That reference comes back to the
//!    runtime through the inbox's lock, or whatever handed it over; so the runtime sees
//!    that count when it counts that reference down.
//! 3. When the runtime closes, under the inbox's lock, `local_refs` is added to
//!    `remote_refs`, once (`registry.rs` finds the cells). From then on the inbox refuses
//!    mail, and a reference whose mail is refused decrements `remote_refs` itself. The
//!    last one frees the cell, on any thread. By then the cell holds nothing of a user
//!    but a name: see 5 and 6.
//! 4. Everything in the header but `vtable`, `inbox`, `runtime`, `remote_refs` and
//!    `mailed` belongs to the runtime's *thread*: it is touched by the loop, and by types
//!    that are `!Send`.
//! 5. The future belongs to the loop. The loop alone polls it, and drops it: at its end,
//!    at its cancellation, or when the runtime closes. The flag FUTURE says that the
//!    stage holds it.
//! 6. The output belongs to the handle, from the moment the task is over. With no handle
//!    the loop drops it at once. OUTPUT says that the stage holds it.
//! 7. The stage is never seen through a reference to the header, nor the header through a
//!    `&mut`: both are reached through one raw pointer to the whole cell, since wakers
//!    may read the header while the future is polled.
// ANCHOR_END: owners

mod cell;
mod extras;
mod header;
mod inbox;
mod local;
mod output;
mod registry;
mod remote;
mod root;
mod running;
mod state;
mod waker;

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;
use std::task::{Context, Poll};

pub(crate) use cell::NewTask;
pub(crate) use extras::{Extras, Prepare};
use header::{Header, VTable};
pub(crate) use inbox::{Inbox, Mail};
use inbox::{LocalCall, Posted};
pub(crate) use local::{enter, is_current, wake_task, with_core};
pub use output::JoinHandle;
pub(crate) use registry::Registry;
pub(crate) use root::run_root;
pub(crate) use running::{begin_loop, inside, running, with_frame};
pub(crate) use state::{
    ANSWERED, CANCELLED, CANCELLING, ENDING, HANDLE, QUEUED, ROOT, RUNNING,
};

use state::{DONE, FUTURE, OUTPUT, PANICKED, State};

// ANCHOR: task-ref
/// One reference to a task. It does not leave the thread on which the runtime lives.
#[derive(PartialEq)]
pub(crate) struct TaskRef(NonNull<Header>);

impl TaskRef {
    /// Takes over a reference that is counted.
    ///
    /// # Safety
    ///
    /// It is counted, this is the runtime's thread, and the reference is nobody else's.
    pub(super) unsafe fn counted(pointer: NonNull<Header>) -> TaskRef {
        TaskRef(pointer)
    }
    // ANCHOR_END: task-ref

    /// Counts one more.
    ///
    /// # Safety
    ///
    /// The cell is not freed, and this is its runtime's thread.
    pub(super) unsafe fn one_more(pointer: NonNull<Header>) -> TaskRef {
        let live = ManuallyDrop::new(TaskRef(pointer));
        TaskRef::clone(&live)
    }

    pub(crate) fn as_ptr(&self) -> NonNull<Header> {
        self.0
    }

    /// Polls the future, as this task and with its own waker.
    pub(crate) fn poll(&self) -> Poll<()> {
        assert!(self.state.has(RUNNING), "its turn has begun");
        let waker = waker::borrowed(self);
        let mut context = Context::from_waker(&waker);
        let _budget = polling::begin_poll();
        running::set_turn(Some(self));
        // SAFETY: this is a reference, so the cell is live; RUNNING is set only where FUTURE is, and a turn has one poll;
        // tasks are polled by the loop alone, which does not run inside itself.
        let polled = unsafe { (self.vtable.poll)(self.0, &mut context) };
        running::set_turn(None);
        polled
    }

    /// Drops the future, if it is there. Not inside its poll.
    pub(crate) fn drop_future(&self) {
        if self.state.has(FUTURE) {
            // What its destructors do, they do as this task.
            let _turn = running::begin_as(self);
            // SAFETY: this is a reference, so the cell is live; FUTURE is set; the loop calls this, and not in a poll.
            unsafe { (self.vtable.drop_future)(self.0) };
        }
    }

    /// The task is over, and its future is gone: its life is no reference any more.
    pub(crate) fn end_life(&self) {
        assert!(!self.state.has(FUTURE | DONE), "ends once, empty");
        assert!(self.is_local(), "tasks end where their runtime runs");
        self.state.finish();
        // The life was counted when the cell was made, and is given up here alone, once, since DONE is never cleared.
        // It is not the last reference: this is another one.
        self.local_refs.set(self.local_refs.get() - 1);
    }

    /// Where the output lies. Only its type is missing.
    fn output(&self) -> Option<NonNull<()>> {
        // SAFETY: this is a reference, so the cell is live, and its output is that far from its beginning.
        let output = || unsafe { self.0.cast::<()>().byte_add(self.vtable.stage) };
        self.state.has(OUTPUT).then(output)
    }
}

impl Deref for TaskRef {
    type Target = Header;

    fn deref(&self) -> &Header {
        // SAFETY: this is a reference, so the cell is live; and nobody makes a `&mut` to a header (rule 7).
        unsafe { self.0.as_ref() }
    }
}

impl Clone for TaskRef {
    fn clone(&self) -> TaskRef {
        if self.is_local() {
            local::count_one_more(self);
        } else {
            remote::count_one_more(&self.remote_refs);
        }
        TaskRef(self.0)
    }
}

impl Drop for TaskRef {
    fn drop(&mut self) {
        let pointer = self.0;
        // SAFETY: this reference is given up, and the cell is not touched after this.
        unsafe { local::give_up(pointer) };
    }
}

#[cfg(test)]
#[path = "../../tests/picture/mod.rs"]
mod picture;
