//! One allocation a task: header, and a place that holds the future first and its output later.
//!
//! # Who owns what
//!
// ANCHOR: owners
//! 1. A cell lives as long as it is *referenced*. References are: each waker, each entry
//!    of the run queue, each piece of mail, the handle, each [`TaskRef`], and the task's
//!    own life, from its spawn to its end.
//! 2. Their number is `refs + abroad`. `refs` is a plain number that only home changes,
//!    and may be negative: a waker cloned abroad may be dropped at home. `abroad` is
//!    atomic; while the runtime is open other threads only ever *increment* it. A
//!    reference that is dropped abroad is mailed home, and home decrements. So only home
//!    can find the sum to be zero, and only home frees. That the sum is not zero too
//!    early: a clone is made from a live reference, and counted before the clone exists.
//!    When home has dropped the last reference it knows of, every clone was counted
//!    before the reference that it was cloned from was given up, and giving up is ordered
//!    before home's look by the inbox's lock, or by whatever handed the reference over.
//! 3. When the runtime closes, under the inbox's lock, `refs` is added to `abroad`, once
//!    (`registry.rs` finds the cells). From then on the inbox refuses mail, and whoever
//!    is refused decrements `abroad` himself. The last one frees the cell, on any thread.
//!    By then it holds nothing of a user: see 5 and 6.
//! 4. Everything in the header but `vtable`, `inbox`, `home`, `abroad` and `mailed`
//!    belongs to the home *thread*: those who touch it are the loop, and types that are
//!    `!Send`.
//! 5. The future belongs to the loop. The loop alone polls it, and drops it: at its end,
//!    at its cancellation, or when the runtime closes. The flag FUTURE says that the
//!    place holds it.
//! 6. The output belongs to the handle, from the moment the task is over. With no handle
//!    the loop drops it at once. OUTPUT says that the place holds it.
//! 7. The place is never seen through a reference to the header, nor the header through a
//!    `&mut`: both are reached through one raw pointer to the whole cell, since wakers
//!    may read the header while the future is polled.
// ANCHOR_END: owners

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use trace::Suspension;

use crate::extras::{Extras, quietly};
use crate::home::Core;
use crate::inbox::Inbox;
use crate::outcome::Outcome;
use crate::state::{DONE, FUTURE, HANDLE, OUTPUT, State};
use crate::sync::{AtomicBool, AtomicUsize};
use crate::{abroad, home};

/// What a panic was thrown with.
pub(crate) type Payload = Box<dyn Any + Send>;

// ANCHOR: header
/// What every task has, whatever its future is.
pub(crate) struct Header {
    vtable: &'static VTable,
    /// Where mail goes. Valid as long as the runtime is open, and after that as long as
    /// this cell: closing counts each cell that stays as an owner.
    pub(crate) inbox: *const Inbox,
    /// The number of its runtime.
    pub(crate) home: u64,
    pub(crate) abroad: AtomicUsize,
    /// A wake is under way from abroad, or was not followed by a poll yet: another one
    /// need not be sent.
    pub(crate) mailed: AtomicBool,
    pub(crate) index: Cell<u32>,
    pub(crate) refs: Cell<isize>,
    pub(crate) state: State,
    pub(crate) joiner: Cell<Option<Waker>>,
    pub(crate) id: u64,
    pub(crate) spawned: &'static Location<'static>,
    /// Where it was after its last poll.
    pub(crate) suspended: Cell<Option<Suspension>>,
    /// What few tasks need.
    extras: Cell<Option<Box<Extras>>>,
    pub(crate) traced: trace::Task,
}
// ANCHOR_END: header

/// What a poll comes to; the output stays in the cell.
pub(crate) type Polled = Poll<Result<(), Payload>>;

/// What is known of the future only where the cell was made.
struct VTable {
    poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> Polled,
    drop_future: unsafe fn(NonNull<Header>),
    output: unsafe fn(NonNull<Header>) -> NonNull<()>,
    drop_output: unsafe fn(NonNull<Header>),
    free: unsafe fn(NonNull<Header>),
}

// With a future of up to 8 bytes a cell is 120 bytes, and one of 64 bytes and its state fits in 184: glibc's malloc
// adds 8 to either, and rounds up to 16.
// What a recorded build keeps for the trace comes on top.
#[cfg(not(loom))]
const _: () = assert!(size_of::<trace::Task>() > 0 || size_of::<Header>() <= 112);

// ANCHOR: cell
/// A whole cell. The header comes first, so a pointer to the cell is a pointer to it.
#[repr(C)]
struct TaskCell<F: Future> {
    header: Header,
    place: UnsafeCell<Place<F>>,
}

union Place<F: Future> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<F::Output>,
}
// ANCHOR_END: cell

impl Header {
    /// Works on the extras, which are there afterwards. `work` runs no code of others.
    pub(crate) fn with_extras<T>(&self, work: impl FnOnce(&mut Extras) -> T) -> T {
        let mut extras = self.extras.take().unwrap_or_default();
        let result = work(&mut extras);
        self.extras.set(Some(extras));
        result
    }

    /// Looks at the extras, if there are any. `look` runs no code of others.
    pub(crate) fn extras<T>(&self, look: impl FnOnce(&mut Extras) -> T) -> Option<T> {
        let mut extras = self.extras.take()?;
        let result = look(&mut extras);
        self.extras.set(Some(extras));
        Some(result)
    }

    /// Takes the extras, to be dropped by the caller.
    pub(crate) fn take_extras(&self) -> Option<Box<Extras>> {
        self.extras.take()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state.has(DONE)
    }
}

/// Makes a cell, listed in `core`: three references are counted, of which two are returned, and one is the task's
/// life.
///
/// # Safety
///
/// If `F` or its output borrows, the caller ends the task and drops its [`Outcome`] before what is borrowed goes.
pub(crate) unsafe fn new<F: Future>(
    core: &Core,
    future: F,
    spawned: &'static Location<'static>,
    root: bool,
) -> (TaskRef, Outcome<F::Output>) {
    let id = core.next_id();
    trace::Task::made(id, root, spawned);
    let cell = Box::new(TaskCell {
        header: Header {
            vtable: TaskCell::<F>::VTABLE,
            inbox: crate::sync::Arc::as_ptr(&core.inbox),
            home: core.number,
            abroad: AtomicUsize::new(0),
            mailed: AtomicBool::new(false),
            index: Cell::new(0),
            refs: Cell::new(3),
            state: State::spawned(root),
            joiner: Cell::new(None),
            id,
            spawned,
            suspended: Cell::new(None),
            extras: Cell::new(None),
            traced: trace::Task::latest(id),
        },
        place: UnsafeCell::new(Place {
            future: ManuallyDrop::new(future),
        }),
    });
    // The pointer is made from the whole box, so that it may reach the place as well as the header.
    let pointer = NonNull::from(Box::leak(cell)).cast::<Header>();
    let task = TaskRef(pointer);
    core.registry.add(&task);
    // SAFETY: the cell was made with an `F`, and this is its first and only handle side.
    let outcome = unsafe { Outcome::new(TaskRef(pointer)) };
    (task, outcome)
}

impl<F: Future> TaskCell<F> {
    const VTABLE: &'static VTable = &VTable {
        poll: Self::poll,
        drop_future: Self::drop_future,
        output: Self::output,
        drop_output: Self::drop_output,
        free: Self::free,
    };

    /// # Safety
    ///
    /// `pointer` is of a live cell of this type.
    unsafe fn place(pointer: NonNull<Header>) -> *mut Place<F> {
        // SAFETY: the header is the first field of a live `TaskCell<F>`, and the pointer was made from the whole of
        // it. No reference to the place is made here.
        unsafe {
            UnsafeCell::raw_get(&raw const (*pointer.cast::<Self>().as_ptr()).place)
        }
    }

    /// Polls once. When it is ready or has panicked, the future is gone, and an output is in its place.
    ///
    /// # Safety
    ///
    /// A live cell of this type, at home, FUTURE, and nobody else polls it.
    unsafe fn poll(pointer: NonNull<Header>, context: &mut Context<'_>) -> Polled {
        // SAFETY: FUTURE says that the place holds the future. It is polled by this turn alone, and dropped by this
        // turn or a later one (rule 5), so this `&mut` is the only one. It never moves: it is dropped where it lies.
        let future = unsafe { Pin::new_unchecked(&mut *(*Self::place(pointer)).future) };
        let polled = catch_unwind(AssertUnwindSafe(|| future.poll(context)));
        let result = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(payload),
        };
        // SAFETY: as for us; the future is not used after this.
        unsafe { Self::drop_future(pointer) };
        Poll::Ready(result.map(|output| {
            // SAFETY: the place is empty since the future was dropped, and nobody has a reference into it. The write
            // drops nothing.
            unsafe { (*Self::place(pointer)).output = ManuallyDrop::new(output) };
            // SAFETY: the cell is live, and this is its home.
            unsafe { pointer.as_ref() }.state.set(OUTPUT);
        }))
    }

    /// Drops the future. A panic of its destructor ends here: the hook has told of it.
    ///
    /// # Safety
    ///
    /// A live cell of this type, at home, FUTURE, not inside a poll of the future.
    unsafe fn drop_future(pointer: NonNull<Header>) {
        // SAFETY: the cell is live, and this is its home.
        unsafe { pointer.as_ref() }.state.clear(FUTURE);
        // SAFETY: FUTURE said that the place holds the future, and it is cleared, so this happens once.
        quietly(|| unsafe { ManuallyDrop::drop(&mut (*Self::place(pointer)).future) });
    }

    /// # Safety
    ///
    /// A live cell of this type.
    unsafe fn output(pointer: NonNull<Header>) -> NonNull<()> {
        // SAFETY: the place is inside a live cell, so its address is not null. A union's fields begin where it does.
        unsafe { NonNull::new_unchecked(Self::place(pointer).cast()) }
    }

    /// # Safety
    ///
    /// A live cell of this type, at home, and OUTPUT was set and is cleared now.
    unsafe fn drop_output(pointer: NonNull<Header>) {
        // SAFETY: OUTPUT said that the place holds it, and the caller cleared it, so this happens once.
        unsafe { ManuallyDrop::drop(&mut (*Self::place(pointer)).output) };
    }

    /// # Safety
    ///
    /// The last reference to a cell of this type was given up, after FUTURE and OUTPUT were cleared.
    unsafe fn free(pointer: NonNull<Header>) {
        // SAFETY: the cell was made by `Box::new` as this type, and nobody else can reach it.
        drop(unsafe { Box::from_raw(pointer.cast::<Self>().as_ptr()) });
    }
}

/// Frees a cell.
///
/// # Safety
///
/// The last reference was given up, and neither future nor output is in it.
pub(crate) unsafe fn free(pointer: NonNull<Header>) {
    // SAFETY: the cell is still there. Only the pointer is copied out: no reference to the header outlives this line.
    let vtable = unsafe { (*pointer.as_ptr()).vtable };
    // SAFETY: by our caller.
    unsafe { (vtable.free)(pointer) };
}

/// One reference to a task. It does not leave the thread on which the runtime lives.
pub(crate) struct TaskRef(NonNull<Header>);

impl TaskRef {
    /// Takes over a reference that is counted.
    ///
    /// # Safety
    ///
    /// It is, this is the home thread, and it is nobody else's.
    pub(crate) unsafe fn counted(pointer: NonNull<Header>) -> TaskRef {
        TaskRef(pointer)
    }

    /// Counts one more.
    ///
    /// # Safety
    ///
    /// The cell is not freed, and this is its home thread.
    pub(crate) unsafe fn one_more(pointer: NonNull<Header>) -> TaskRef {
        let live = ManuallyDrop::new(TaskRef(pointer));
        TaskRef::clone(&live)
    }

    pub(crate) fn as_ptr(&self) -> NonNull<Header> {
        self.0
    }

    /// Polls the future with the task's own waker.
    pub(crate) fn poll(&self) -> Polled {
        assert!(self.state.has(FUTURE), "a task that is over is not polled");
        let waker = home::borrowed_waker(self);
        let mut context = Context::from_waker(&waker);
        // SAFETY: we are a reference, so the cell is live; FUTURE is set; tasks are polled by the loop alone, which
        // does not run inside itself.
        unsafe { (self.vtable.poll)(self.0, &mut context) }
    }

    /// Drops the future, if it is there. Not inside its poll.
    pub(crate) fn drop_future(&self) {
        if self.state.has(FUTURE) {
            // SAFETY: we are a reference, so the cell is live; FUTURE is set; the loop calls this, and not in a poll.
            unsafe { (self.vtable.drop_future)(self.0) };
        }
    }

    /// The task is over, and its future is gone: its life is no reference any more.
    pub(crate) fn end_life(&self) {
        assert!(
            !self.state.has(FUTURE | DONE),
            "over once, after its future"
        );
        self.state.finish();
        // SAFETY: the life was counted when the cell was made, and is given up here alone, once, since DONE is
        // never cleared.
        drop(unsafe { TaskRef::counted(self.0) });
    }

    /// Drops the output of a task that has no handle.
    pub(crate) fn drop_output(&self) {
        debug_assert!(!self.state.has(HANDLE), "it belongs to the handle");
        self.discard_output();
    }

    /// Drops the output, if it is there: for whom it belongs to (rule 6).
    pub(crate) fn discard_output(&self) {
        if self.state.take(OUTPUT) {
            // SAFETY: we are a reference, so the cell is live; OUTPUT was set and is cleared.
            unsafe { (self.vtable.drop_output)(self.0) };
        }
    }

    /// Where the output lies. Only its type is missing.
    pub(crate) fn output(&self) -> Option<NonNull<()>> {
        // SAFETY: we are a reference, so the cell is live.
        let place = || unsafe { (self.vtable.output)(self.0) };
        self.state.has(OUTPUT).then(place)
    }
}

impl Deref for TaskRef {
    type Target = Header;

    fn deref(&self) -> &Header {
        // SAFETY: we are a reference, so the cell is live; and nobody makes a `&mut` to a header (rule 7).
        unsafe { self.0.as_ref() }
    }
}

impl Clone for TaskRef {
    fn clone(&self) -> TaskRef {
        if home::is_home_of(self) {
            home::count_one_more(self);
        } else {
            abroad::count_one_more(&self.abroad);
        }
        TaskRef(self.0)
    }
}

impl Drop for TaskRef {
    fn drop(&mut self) {
        let pointer = self.0;
        // SAFETY: we give our reference up, and do not touch the cell after this.
        unsafe { home::give_up(pointer) };
    }
}
