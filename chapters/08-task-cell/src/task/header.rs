//! What every task has, whatever its future is.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::panic::Location;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use polling::Suspension;

use super::{Extras, Inbox, State, local};
use crate::sync::{Arc, AtomicBool, AtomicUsize};

// ANCHOR: header
/// What every task has, whatever its future is. What a turn needs comes last, beside the
/// future.
#[repr(C)]
pub(crate) struct Header {
    /// Where mail goes. Valid as long as the runtime is open, and after that as long as
    /// this cell: closing counts each cell that stays as an owner.
    pub(super) inbox: *const Inbox,
    pub(crate) id: u64,
    pub(crate) spawned: &'static Location<'static>,
    /// What few tasks need.
    pub(super) extras: Cell<Option<Box<Extras>>>,
    pub(crate) joiner: Cell<Option<Waker>>,
    pub(super) vtable: &'static VTable,
    /// The number of its runtime.
    pub(crate) runtime: NonZeroU64,
    pub(super) remote_refs: AtomicUsize,
    pub(super) local_refs: Cell<isize>,
    pub(super) index: Cell<u32>,
    /// A remote wake is under way, or was not followed by a poll yet: another one need
    /// not be sent.
    pub(crate) mailed: AtomicBool,
    pub(crate) state: State,
    /// Where it was after its last poll.
    pub(crate) suspended: Cell<Option<Suspension>>,
    pub(crate) traced: trace::Task,
}
// ANCHOR_END: header

// ANCHOR: vtable
/// What is known of the future only where the cell was made.
pub(super) struct VTable {
    pub(super) poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> Poll<()>,
    pub(super) drop_future: unsafe fn(NonNull<Header>),
    /// How many bytes from the cell's beginning the stage is.
    pub(super) stage: usize,
    pub(super) drop_output: unsafe fn(NonNull<Header>),
    pub(super) output_needs_drop: bool,
    pub(super) free: unsafe fn(NonNull<Header>),
}
// ANCHOR_END: vtable

// With a future of up to 8 bytes a cell is 120 bytes, and one of 64 bytes and its state fits in 184: glibc's malloc
// adds 8 to either, and rounds up to 16.
// What a recorded build keeps for the trace comes on top.
#[cfg(not(loom))]
const _: () = assert!(size_of::<trace::Task>() > 0 || size_of::<Header>() <= 112);

impl Header {
    /// Whether its runtime is running on this thread.
    #[inline]
    pub(crate) fn is_local(&self) -> bool {
        local::is_current(self.runtime)
    }

    /// The inbox, of which the caller is an owner, too. What is called in it may bring this cell to its end.
    pub(super) fn inbox(&self) -> Arc<Inbox> {
        // SAFETY: the inbox is alive as long as a cell: while the runtime is open the runtime owns it, and closing made
        // each cell that stays an owner.
        unsafe {
            Arc::increment_strong_count(self.inbox);
            Arc::from_raw(self.inbox)
        }
    }

    /// Works on the extras, which are there afterwards. `work` runs no foreign code.
    pub(crate) fn with_extras<T>(&self, work: impl FnOnce(&mut Extras) -> T) -> T {
        let mut extras = self.extras.take().unwrap_or_default();
        let result = work(&mut extras);
        self.extras.set(Some(extras));
        result
    }

    /// Looks at the extras, if there are any. `look` runs no foreign code.
    pub(crate) fn extras<T>(&self, look: impl FnOnce(&mut Extras) -> T) -> Option<T> {
        let mut extras = self.extras.take()?;
        let result = look(&mut extras);
        self.extras.set(Some(extras));
        Some(result)
    }
}

/// Frees a cell.
///
/// # Safety
///
/// The last reference was given up, and neither future nor output is in it.
pub(super) unsafe fn free(pointer: NonNull<Header>) {
    // SAFETY: the cell is still there. Only the pointer is copied out: no reference to the header outlives this line.
    let vtable = unsafe { (*pointer.as_ptr()).vtable };
    // SAFETY: guaranteed by the caller.
    unsafe { (vtable.free)(pointer) };
}
