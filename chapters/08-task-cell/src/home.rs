//! A task's references at home: plain numbers, no lock.
//!
//! Home is a runtime, not a thread: its number is in a thread-local while it runs, and only then. Two runtimes on one
//! thread are abroad to each other, and a runtime that does not run is abroad to its own thread. There the waker goes
//! the long way, by mail, and is as right as at home.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering as Plain};
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::abroad;
use crate::cell::{self, Header, TaskRef};
use crate::inbox::{Inbox, Local, Mail};
use crate::queue::Queue;
use crate::registry::Registry;
#[cfg(loom)]
use crate::sync::CellKey as _;
use crate::sync::{Arc, Ordering};

/// What a runtime shares with its tasks.
pub(crate) struct Core {
    /// Its number, which no other runtime of this process has, had, or will have.
    pub(crate) number: u64,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) queue: Queue,
    pub(crate) registry: Registry,
    /// Whether the present turn is the last one.
    pub(crate) stopping: Cell<bool>,
    pub(crate) closed: Cell<bool>,
    last_id: Cell<u64>,
}

impl Core {
    pub(crate) fn new(unparker: Waker) -> Core {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Core {
            number: NEXT.fetch_add(1, Plain::Relaxed),
            inbox: Arc::new(Inbox::new(unparker)),
            queue: Queue::default(),
            registry: Registry::default(),
            stopping: Cell::new(false),
            closed: Cell::new(false),
            last_id: Cell::new(0),
        }
    }

    /// A number that no task of this runtime has had.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// Takes in what came from abroad. Runs no code of others. The runtime is entered.
    pub(crate) fn read_mail(&self) {
        debug_assert!(is_home(self.number), "mail is read at home");
        if !self.inbox.has_mail() {
            return;
        }
        let mut mail = Vec::new();
        self.inbox.take(&mut mail);
        for mail in mail {
            self.inbox.traced.read();
            match mail {
                // SAFETY: a posted reference is counted, and its sender has given it away; this is its home.
                Mail::Wake(posted) => unsafe { wake(posted.0) },
                // SAFETY: as above.
                Mail::Drop(posted) => unsafe { give_up(posted.0) },
                Mail::Call(callback) => self.call_soon(callback),
                Mail::Local(Local(callback)) => self.call_soon(callback),
            }
        }
    }
}

/// Which runtime is at home on this thread. Without a destructor, so it can be read while the thread ends.
#[derive(Clone, Copy)]
struct Home {
    number: u64,
    /// Valid while `number` is not zero.
    core: *const Core,
}

const NOBODY: Home = Home {
    number: 0,
    core: ptr::null(),
};

crate::sync::thread_local! {
    static HOME: Cell<Home> = const { Cell::new(NOBODY) };
}

/// Whether the runtime of this number is running on this thread.
#[inline]
pub(crate) fn is_home(number: u64) -> bool {
    HOME.get().number == number
}

/// Whether `header` is of the runtime that is running on this thread.
#[inline]
pub(crate) fn is_home_of(header: &Header) -> bool {
    is_home(header.home)
}

/// Whether any runtime is running on this thread.
pub(crate) fn is_entered() -> bool {
    !is_home(0)
}

/// The runtime that is running on this thread.
pub(crate) fn with_core<T>(work: impl FnOnce(&Core) -> T) -> Option<T> {
    let home = HOME.get();
    if home.number == 0 {
        return None;
    }
    // SAFETY: the number is not zero only while an `Entered` lives, which owns the core. It lives on the stack of
    // `run` or `close`, below us, and is dropped by nobody else; so the core outlives `work`.
    Some(work(unsafe { &*home.core }))
}

/// The runtime that is running on this thread, to keep.
pub(crate) fn core() -> Option<Rc<Core>> {
    let Home { number, core } = HOME.get();
    if number == 0 {
        return None;
    }
    // SAFETY: the number is not zero, so an `Entered` lives and keeps an `Rc` of it; `enter` has the pointer from
    // `Rc::as_ptr`, so it may reach the counts.
    unsafe {
        Rc::increment_strong_count(core);
        Some(Rc::from_raw(core))
    }
}

/// Makes `core` the one that is at home on this thread, until the guard is dropped.
pub(crate) fn enter(core: Rc<Core>) -> Entered {
    let home = Home {
        number: core.number,
        core: Rc::as_ptr(&core),
    };
    Entered {
        before: HOME.replace(home),
        _core: core,
    }
}

/// Between two runs, what was woken before something is queued is queued before it.
pub(crate) fn read_mail(core: &Rc<Core>) {
    if core.inbox.has_mail() && !core.closed.get() {
        let _home = enter(Rc::clone(core));
        core.read_mail();
    }
}

/// Restores what was, also on unwind.
pub(crate) struct Entered {
    before: Home,
    _core: Rc<Core>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        HOME.set(self.before);
    }
}

/// Counts a clone at home.
#[inline]
pub(crate) fn count_one_more(header: &Header) {
    let refs = header.refs.get();
    if refs == isize::MAX {
        std::process::abort();
    }
    header.refs.set(refs + 1);
}

/// Gives a reference up, at home or abroad. The last one frees the cell.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more.
#[inline]
pub(crate) unsafe fn give_up(pointer: NonNull<Header>) {
    // SAFETY: our reference keeps the cell alive.
    let number = unsafe { (*pointer.as_ptr()).home };
    if !is_home(number) {
        // SAFETY: by our caller.
        return unsafe { abroad::give_up(pointer) };
    }
    // SAFETY: our reference keeps the cell alive, and this is its home thread. The borrow ends with this block.
    let left = unsafe {
        let header = pointer.as_ref();
        let refs = header.refs.get() - 1;
        header.refs.set(refs);
        // The clones of those that are given up were counted before (rule 2), so no order is needed to see them.
        refs.wrapping_add_unsigned(header.abroad.load(Ordering::Relaxed))
    };
    if left == 0 {
        // SAFETY: that was the last reference, and we are at home.
        unsafe { free(pointer) };
    }
}

/// Frees a cell at home.
///
/// # Safety
///
/// The last reference was given up; this is home.
#[cold]
#[inline(never)]
unsafe fn free(pointer: NonNull<Header>) {
    // SAFETY: nobody else can reach the cell, which is still there.
    let index = unsafe { pointer.as_ref() }.index.get();
    with_core(|core| core.registry.remove(index));
    // SAFETY: the last reference is gone. The task's life was one, so it is over, and its future dropped; and so was
    // its handle, so there is no output.
    unsafe { cell::free(pointer) };
}

// ANCHOR: wake
/// Wakes at home, with a reference that the queue takes over.
///
/// # Safety
///
/// `pointer` is a counted reference, which is the caller's no more; this is its home.
#[inline]
unsafe fn wake(pointer: NonNull<Header>) {
    // SAFETY: the reference is counted, and nobody else's.
    let task = unsafe { TaskRef::counted(pointer) };
    task.traced.woken(task.state.has(crate::state::QUEUED));
    if task.state.wake() {
        with_core(|core| core.queue.push_task(task));
    }
}
// ANCHOR_END: wake

/// Puts `task` on the queue, unless it is there; from wherever its runtime's thread is.
#[inline]
pub(crate) fn wake_task(task: &TaskRef) {
    if is_home_of(task) {
        task.traced.woken(task.state.has(crate::state::QUEUED));
        if task.state.wake() {
            with_core(|core| core.queue.push_task(task.clone()));
        }
    } else {
        // SAFETY: `task` is a counted reference, which we keep.
        unsafe { abroad::wake_by_ref(task.as_ptr()) };
    }
}

/// Queues `callback` at the home of `task`, from wherever on its thread. False if that is closed.
pub(crate) fn call_soon(task: &TaskRef, callback: timers::Callback) -> bool {
    if is_home_of(task) {
        with_core(|core| core.call_soon(callback));
        return true;
    }
    // SAFETY: the inbox is alive as long as the cell, to which `task` is a reference. It is kept by us too, since
    // the unparker is code of others.
    let inbox = unsafe {
        Arc::increment_strong_count(task.inbox);
        Arc::from_raw(task.inbox)
    };
    inbox.send(Mail::Local(Local(callback))).is_ok()
}

/// A waker that borrows the reference of `task`: to poll with.
pub(crate) fn borrowed_waker(task: &TaskRef) -> ManuallyDrop<Waker> {
    // SAFETY: the functions of `WAKER` keep the contract of `RawWakerVTable`: they may be called on any thread, each
    // waker is one counted reference, and `drop` and `wake` give it up. This one is not counted, and is not dropped:
    // whoever holds on to it clones it.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(task.as_ptr())) })
}

fn raw(pointer: NonNull<Header>) -> RawWaker {
    RawWaker::new(pointer.as_ptr().cast_const().cast(), &WAKER)
}

static WAKER: RawWakerVTable =
    RawWakerVTable::new(waker_clone, waker_wake, waker_wake_by_ref, waker_drop);

/// What a waker points to.
fn header_of(data: *const ()) -> NonNull<Header> {
    // SAFETY: `raw` made it from a pointer that is not null.
    unsafe { NonNull::new_unchecked(data.cast_mut().cast()) }
}

/// # Safety
///
/// `data` is from a waker, a counted reference, which the caller keeps for the time of the call. (So for all four;
/// `wake` and `drop` give it up.)
unsafe fn waker_clone(data: *const ()) -> RawWaker {
    let pointer = header_of(data);
    // SAFETY: the caller's reference keeps the cell alive for the whole of this block.
    let header = unsafe { pointer.as_ref() };
    if is_home_of(header) {
        count_one_more(header);
    } else {
        abroad::count_one_more(&header.abroad);
    }
    raw(pointer)
}

// ANCHOR: waker
/// `Waker::wake`: wakes, and gives the waker up.
///
/// # Safety
///
/// As [`waker_clone`].
unsafe fn waker_wake(data: *const ()) {
    let pointer = header_of(data);
    // SAFETY: the caller's reference keeps the cell alive until it is given up.
    let number = unsafe { (*pointer.as_ptr()).home };
    if is_home(number) {
        // SAFETY: the waker's reference, which is ours now; and we are at home.
        unsafe { wake(pointer) };
    } else {
        // SAFETY: the waker's reference, which is ours now.
        unsafe { abroad::wake(pointer) };
    }
}
// ANCHOR_END: waker

/// # Safety
///
/// As [`waker_clone`].
unsafe fn waker_wake_by_ref(data: *const ()) {
    let pointer = header_of(data);
    // SAFETY: the caller keeps his reference, so this one is lent, and not given up.
    let task = ManuallyDrop::new(unsafe { TaskRef::counted(pointer) });
    wake_task(&task);
}

/// # Safety
///
/// As [`waker_clone`].
unsafe fn waker_drop(data: *const ()) {
    // SAFETY: the waker's reference, which is ours now.
    unsafe { give_up(header_of(data)) };
}
