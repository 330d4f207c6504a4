//! Which timers are current on this thread.

use std::cell::RefCell;
use std::mem;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::Waker;

use event_loop::{Clock, EntryId, Time, TimeHeap};
use wakers::{Callback, Current, contained, discard};

// ANCHOR: shared
/// What the futures of a loop share with its [`Timers`](crate::Timers).
pub(crate) struct Shared {
    /// Never used again: what belongs to a loop that is gone cannot be taken for ours.
    pub(crate) id: u64,
    pub(crate) clock: RefCell<Clock>,
    pub(crate) heap: RefCell<TimeHeap<Entry>>,
    /// How many outside have promised to call.
    pub(crate) outside: Arc<AtomicUsize>,
    /// Ends the wait of the layer below.
    pub(crate) unparker: Waker,
}

/// What happens at a deadline.
pub(crate) enum Entry {
    /// A future goes on.
    Wake(Waker),
    /// A callback is called.
    Call(Callback),
}
// ANCHOR_END: shared

// ANCHOR: key
/// An entry in the heap of a certain loop: plain numbers, which any thread may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) shared: u64,
    pub(crate) id: EntryId,
}
// ANCHOR_END: key

thread_local! {
    pub(crate) static CURRENT: Current<Shared> = const { Current::new() };
}

impl Shared {
    pub(crate) fn new(clock: Clock, unparker: Waker) -> Shared {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Shared {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            clock: RefCell::new(clock),
            heap: RefCell::new(TimeHeap::new()),
            outside: Arc::default(),
            unparker,
        }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        self.clock.borrow().is_virtual()
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.borrow().now()
    }

    pub(crate) fn push(&self, deadline: Time, entry: Entry) -> Key {
        let (shared, id) = (self.id, self.heap.borrow_mut().push(deadline, entry));
        Key { shared, id }
    }

    // ANCHOR: renew
    /// From now on it is `waker` that the entry of `key` wakes. False if the entry has left
    /// the heap.
    pub(crate) fn renew(&self, key: Key, waker: &Waker) -> bool {
        match self.heap.borrow_mut().get_mut(key.id) {
            Some(Entry::Wake(old)) if old.will_wake(waker) => return true,
            Some(_) => {}
            None => return false,
        }
        // Cloning and dropping a waker runs foreign code, which may set timers: not while
        // the heap is borrowed.
        let mut entry = Entry::Wake(waker.clone());
        if let Some(old) = self.heap.borrow_mut().get_mut(key.id) {
            mem::swap(old, &mut entry);
        }
        contained("a waker", || drop(entry));
        true
    }
    // ANCHOR_END: renew
}

impl Drop for Shared {
    /// What is left is dropped piece by piece, each with care.
    fn drop(&mut self) {
        for entry in mem::take(self.heap.get_mut()).drain() {
            match entry {
                Entry::Wake(waker) => discard("a waker", waker),
                Entry::Call(callback) => discard("a callback's destructor", callback),
            }
        }
    }
}

// ANCHOR: cancel
impl Key {
    /// Takes its entry out, where its loop is the current one. Elsewhere the entry
    /// expires unused.
    ///
    /// What it holds is foreign code, so it comes back, to be dropped without any borrow
    /// of ours.
    pub(crate) fn cancel(self) -> Option<Entry> {
        // Taking the entry out runs no foreign code, so a look is enough.
        let take_out = |shared: &Shared| {
            let ours = shared.id == self.shared;
            ours.then(|| shared.heap.borrow_mut().cancel(self.id))?
        };
        CURRENT.with(|current| current.look(take_out)).flatten()
    }
}
// ANCHOR_END: cancel

// ANCHOR: current
/// The current timers, or a panic at the caller's line: `what`, which was called at
/// `location`, needs a loop.
#[track_caller]
pub(crate) fn current(what: &str, location: &Location<'_>) -> Rc<Shared> {
    match CURRENT.with(Current::get) {
        Some(shared) => shared,
        None => panic!(
            "{what} (called at {location}) needs a loop with timers on this thread: \
             run the future with timers::block_on or taxi::run, or on an executor"
        ),
    }
}
// ANCHOR_END: current

/// Whether the current loop keeps virtual time. False where there is none.
///
/// ```
/// use event_loop::Clock;
///
/// assert!(!timers::is_virtual());
/// timers::block_on(Clock::virtual_time(), async { assert!(timers::is_virtual()) });
/// ```
pub fn is_virtual() -> bool {
    CURRENT.with(|current| current.look(Shared::is_virtual)) == Some(true)
}

/// The present moment on the clock of the current loop.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
///
/// timers::block_on(Clock::virtual_time(), async {
///     timers::sleep(Duration::from_secs(3)).await;
///     assert_eq!(timers::now(), Time::from_secs(3));
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn now() -> Time {
    current("now", Location::caller()).now()
}

/// The clock of the current loop.
///
/// ```
/// use event_loop::Clock;
///
/// timers::block_on(Clock::virtual_time(), async {
///     assert!(timers::clock().is_virtual());
/// });
/// ```
///
/// # Panics
///
/// As [`now`].
#[track_caller]
pub fn clock() -> Clock {
    current("clock", Location::caller()).clock.borrow().clone()
}
