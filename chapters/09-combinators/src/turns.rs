//! Whose turn it is: which children of a future were woken.
//!
//! A future that polls others in place gives each of them a waker of its own. That notes the child's place, and wakes
//! the task; so the task's next poll knows whom to ask, and leaves the others alone. The idea is that of
//! `FuturesUnordered` in the futures crate.

use std::cell::Cell;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use wakers::contained;

use crate::places::Places;

// ANCHOR: woken
/// What the wakers of some children share. They may be used on any thread.
#[derive(Default)]
struct Shared(Mutex<Woken>);

#[derive(Default)]
struct Woken {
    /// The places of those who were woken, in that order, each once.
    places: Places,
    /// Whom to wake; empty if that was done.
    parent: Option<Waker>,
}

/// The waker of one child.
struct ChildWaker {
    place: usize,
    /// Whether its place is noted.
    noted: AtomicBool,
    shared: Arc<Shared>,
}
// ANCHOR_END: woken

// ANCHOR: wake
impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // hole: child-wake — note the child, once, and tell the task that was not told yet
        // tried by: one-of-a-thousand, in-place, kept-read
        // also: combinators
        if self.noted.swap(true, Ordering::AcqRel) {
            return;
        }
        let parent = {
            let mut woken = self.shared.open();
            woken.places.push_back(self.place);
            woken.parent.take()
        };
        // Foreign code, so not while the lock is held.
        if let Some(parent) = parent {
            parent.wake();
        }
        // end hole
    }
}
// ANCHOR_END: wake

impl Shared {
    /// No foreign code runs under this lock, so a thread that panicked has left it in order.
    fn open(&self) -> MutexGuard<'_, Woken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: turns
/// Which children of a future are to be polled: for futures and streams that poll others
/// in place.
///
/// ```
/// use combinators::Turns;
/// use std::task::{Context, Waker};
///
/// let mut turns = Turns::default();
/// let context = Context::from_waker(Waker::noop());
/// turns.begin(&context);
/// // Each of two has a first turn.
/// assert_eq!([turns.next(2), turns.next(2), turns.next(2)], [Some(0), Some(1), None]);
/// // What the second one is polled with.
/// turns.waker(1).wake_by_ref();
/// turns.begin(&context);
/// assert_eq!([turns.next(2), turns.next(2)], [Some(1), None]);
/// ```
#[derive(Default)]
pub struct Turns {
    /// `None` before the first poll.
    wakers: Option<Wakers>,
    /// How many have had their first turn.
    begun: usize,
    /// How many more are polled in this poll.
    left: usize,
}

/// The wakers of children, by place, and what they share.
#[derive(Default)]
struct Wakers {
    shared: Arc<Shared>,
    /// Each with the waker made of it, which serves for all of its child's polls.
    own: Vec<(Arc<ChildWaker>, Waker)>,
}
// ANCHOR_END: turns

impl Turns {
    // ANCHOR: begin
    /// The task is polled: those who were woken by now have a turn in this poll, and those
    /// who are woken meanwhile in its next one.
    pub fn begin(&mut self, context: &Context<'_>) {
        let parent = Some(context.waker().clone());
        let wakers = self.wakers.get_or_insert_with(Wakers::get);
        let (left, old) = {
            let mut woken = wakers.shared.open();
            let old = mem::replace(&mut woken.parent, parent);
            (woken.places.len(), old)
        };
        self.left = left;
        contained("a waker", || drop(old));
    }
    // ANCHOR_END: begin

    // ANCHOR: next
    /// The place of the next child to poll. Each of `count` has its first turn in order.
    pub fn next(&mut self, count: usize) -> Option<usize> {
        let wakers = self.wakers.as_mut()?;
        if self.begun < count {
            self.begun += 1;
            return Some(wakers.first_turn(self.begun - 1));
        }
        self.left = self.left.checked_sub(1)?;
        let place = wakers.shared.open().places.pop_front()?;
        // From here on a wake is noted again: before the poll, which sees what was written
        // before each wake that was not noted.
        wakers.own[place].0.noted.swap(false, Ordering::AcqRel);
        Some(place)
    }
    // ANCHOR_END: next

    /// The waker of the child in this place, which has had a turn.
    pub fn waker(&self, place: usize) -> &Waker {
        let wakers = self.wakers.as_ref().expect("it has begun");
        &wakers.own[place].1
    }
}

impl Drop for Turns {
    /// The children's wakers may be kept by others: they keep the task's no longer.
    fn drop(&mut self) {
        let Some(wakers) = self.wakers.take() else {
            return;
        };
        let parent = wakers.shared.open().parent.take();
        contained("a waker", || drop(parent));
        if wakers.are_nobodys() {
            // Where the thread ends there is no place for them.
            let _gone = SPARE.try_with(|spare| spare.set(Some(wakers)));
        }
    }
}

thread_local! {
    /// What the last future that has polled two in place has left: a `select` in a loop
    /// allocates nothing.
    static SPARE: Cell<Option<Wakers>> = const { Cell::new(None) };
}

impl Wakers {
    /// Those that are to spare, or new ones.
    fn get() -> Wakers {
        let spare = SPARE.try_with(Cell::take).ok();
        spare.flatten().unwrap_or_default()
    }

    /// Sees to it that there is a waker for `place`; those before it are there.
    fn first_turn(&mut self, place: usize) -> usize {
        if place == self.own.len() {
            let own = Arc::new(ChildWaker {
                place,
                noted: AtomicBool::new(false),
                shared: Arc::clone(&self.shared),
            });
            self.own.push((Arc::clone(&own), Waker::from(own)));
        }
        place
    }

    /// Whether they may serve for other children: nobody has kept one. Then none of them
    /// is noted any more.
    fn are_nobodys(&self) -> bool {
        let is_kept = |(own, _): &(Arc<ChildWaker>, Waker)| Arc::strong_count(own) > 2;
        if self.own.len() != 2 || self.own.iter().any(is_kept) {
            return false;
        }
        // With those who have given one up on another thread: what they did is seen here.
        fence(Ordering::Acquire);
        for (own, _) in &self.own {
            own.noted.store(false, Ordering::Relaxed);
        }
        self.shared.open().places = Places::default();
        true
    }
}
