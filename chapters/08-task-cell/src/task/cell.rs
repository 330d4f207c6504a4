//! The cell: a header, and a stage that holds the future first and its output later.

use std::cell::{Cell, UnsafeCell};
use std::mem::{ManuallyDrop, MaybeUninit, needs_drop, offset_of};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, ready};

use wakers::contained;

use super::{FUTURE, Header, JoinHandle, OUTPUT, State, TaskRef, VTable};
use crate::core::Core;
use crate::sync::{Arc, AtomicBool, AtomicUsize};

// ANCHOR: cell
/// A whole cell. The header comes first, so a pointer to the cell is a pointer to it.
#[repr(C)]
struct TaskCell<F: Future> {
    header: Header,
    stage: UnsafeCell<Stage<F>>,
}

/// How far the task has come: its future, and in the same storage its output. Both
/// begin where the stage does.
#[repr(C)]
union Stage<F: Future> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<F::Output>,
}
// ANCHOR_END: cell

/// A future in its cell, which is no task yet.
///
/// Each move of a future copies it on the stack, and futures may be large. So the first thing that is done with one is
/// to put it where it stays.
pub(crate) struct NewTask<F: Future>(NonNull<TaskCell<F>>);

impl<F: Future> NewTask<F> {
    // ANCHOR: new
    #[inline]
    pub(crate) fn new(future: F) -> NewTask<F> {
        let cell = Box::leak(Box::<TaskCell<F>>::new_uninit());
        // The pointer is made from the whole box: it may reach the stage and the header.
        let task: NewTask<F> = NewTask(NonNull::from(cell).cast());
        // SAFETY: the box has room for it, and nothing was there. The header is missing.
        unsafe { task.future().write(future) };
        task
    }
    // ANCHOR_END: new

    fn future(&self) -> *mut F {
        // SAFETY: the box is there. This is arithmetic: no reference to it is made, and nothing is read.
        unsafe { UnsafeCell::raw_get(&raw const (*self.0.as_ptr()).stage) }.cast()
    }

    /// Makes it a task that is listed in `core`: three references are counted, of which two are returned, and one is
    /// the task's life.
    ///
    /// # Safety
    ///
    /// If `F` or its output borrows, the caller ends the task and drops its [`JoinHandle`] before what is borrowed goes.
    pub(super) unsafe fn start(
        self,
        core: &Core,
        spawned: &'static Location<'static>,
        root: bool,
    ) -> (TaskRef, JoinHandle<F::Output>) {
        let id = core.next_id();
        trace::Task::made(id, root, spawned);
        let header = Header {
            inbox: Arc::as_ptr(&core.inbox),
            id,
            spawned,
            index: Cell::new(0),
            joiner: Cell::new(None),
            extras: Cell::new(None),
            vtable: TaskCell::<F>::VTABLE,
            runtime: core.number,
            remote_refs: AtomicUsize::new(0),
            mailed: AtomicBool::new(false),
            local_refs: Cell::new(3),
            state: State::spawned(root),
            suspended: Cell::new(None),
            traced: trace::Task::latest(id),
        };
        // Now the box is the task's.
        let cell = ManuallyDrop::new(self).0;
        // SAFETY: the box is there, and its header was not.
        unsafe { (&raw mut (*cell.as_ptr()).header).write(header) };
        let task = TaskRef(cell.cast());
        core.registry.add(&task);
        // SAFETY: the cell was made with an `F`, and this is its first and only handle.
        let handle = unsafe { JoinHandle::new(TaskRef(cell.cast())) };
        (task, handle)
    }
}

impl<F: Future<Output: 'static> + 'static> NewTask<F> {
    /// Makes it a task of `core`, which is not in the queue yet.
    pub(crate) fn spawn(
        self,
        core: &Core,
        spawned: &'static Location<'static>,
    ) -> (TaskRef, JoinHandle<F::Output>) {
        // SAFETY: neither the future nor its output borrows.
        unsafe { self.start(core, spawned, false) }
    }
}

impl<F: Future> Drop for NewTask<F> {
    /// There was no executor to spawn it on.
    fn drop(&mut self) {
        // SAFETY: `new` wrote the future, and it was not moved out.
        contained("a task's destructor", || unsafe {
            self.future().drop_in_place();
        });
        // SAFETY: `new` made the box, which is empty now.
        drop(unsafe {
            Box::<MaybeUninit<TaskCell<F>>>::from_raw(self.0.as_ptr().cast())
        });
    }
}

impl<F: Future> TaskCell<F> {
    const VTABLE: &'static VTable = &VTable {
        poll: Self::poll,
        drop_future: Self::drop_future,
        stage: offset_of!(Self, stage),
        drop_output: Self::drop_output,
        output_needs_drop: needs_drop::<F::Output>(),
        free: Self::free,
    };

    /// # Safety
    ///
    /// `pointer` is of a live cell of this type.
    unsafe fn stage(pointer: NonNull<Header>) -> *mut Stage<F> {
        let cell = pointer.cast::<Self>().as_ptr();
        // SAFETY: the header is the first field of a live `TaskCell<F>`, and the pointer was made from the whole of
        // it. No reference to the stage is made here.
        unsafe { UnsafeCell::raw_get(&raw const (*cell).stage) }
    }

    /// Polls once. When it is ready or has panicked, the future is gone, and an output takes its storage, or PANICKED
    /// is set.
    ///
    /// # Safety
    ///
    /// A live cell of this type, local, FUTURE, and nobody else polls it.
    unsafe fn poll(pointer: NonNull<Header>, context: &mut Context<'_>) -> Poll<()> {
        let polled = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: FUTURE says that the stage holds the future. It is polled by this turn alone, and dropped by this
            // turn or a later one (rule 5), so this `&mut` is the only one. It never moves: it is dropped where it lies.
            let mut future =
                unsafe { Pin::new_unchecked(&mut *(*Self::stage(pointer)).future) };
            // Through a reference: no line of this file is where a handle is awaited.
            let output = ready!(Pin::new(&mut future).poll(context));
            // SAFETY: guaranteed by the caller; the future is not used after this.
            unsafe { Self::drop_future(pointer) };
            // SAFETY: the stage is empty since the future was dropped, and nobody has a reference into it. The write
            // drops nothing.
            unsafe { (*Self::stage(pointer)).output = ManuallyDrop::new(output) };
            // SAFETY: the cell is live, and this is its runtime's thread.
            unsafe { pointer.as_ref() }.state.set(OUTPUT);
            Poll::Ready(())
        }));
        polled.unwrap_or_else(|payload| {
            // SAFETY: guaranteed by the caller; it was the poll that panicked, since nothing after it does.
            unsafe { Self::drop_future(pointer) };
            // SAFETY: the cell is live, and this is its runtime's thread.
            unsafe { pointer.as_ref() }.panicked(payload);
            Poll::Ready(())
        })
    }

    /// Drops the future. A panic of its destructor ends here.
    ///
    /// # Safety
    ///
    /// A live cell of this type, local, FUTURE, not inside a poll of the future.
    unsafe fn drop_future(pointer: NonNull<Header>) {
        // SAFETY: the cell is live, and this is its runtime's thread.
        unsafe { pointer.as_ref() }.state.clear(FUTURE);
        // SAFETY: FUTURE said that the stage holds the future, and it is cleared, so this happens once.
        contained("a task's destructor", || unsafe {
            ManuallyDrop::drop(&mut (*Self::stage(pointer)).future);
        });
    }

    /// # Safety
    ///
    /// A live cell of this type, on its runtime's thread, and OUTPUT was set and is cleared now.
    unsafe fn drop_output(pointer: NonNull<Header>) {
        // SAFETY: OUTPUT said that the stage holds it, and the caller cleared it, so this happens once.
        unsafe { ManuallyDrop::drop(&mut (*Self::stage(pointer)).output) };
    }

    /// # Safety
    ///
    /// The last reference to a cell of this type was given up, after FUTURE and OUTPUT were cleared.
    unsafe fn free(pointer: NonNull<Header>) {
        // SAFETY: the cell was made by `Box::new` as this type, and nobody else can reach it.
        drop(unsafe { Box::from_raw(pointer.cast::<Self>().as_ptr()) });
    }
}
