//! Chapter 5, by me.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::event_loop::{EntryId, TimeHeap};
use crate::wakers::Park;

/// A clock that stands still, and who waits for it. Clones are the same clock.
#[derive(Clone)]
pub struct Timers(Rc<Shared>);

struct Shared {
    now: Cell<Duration>,
    heap: RefCell<TimeHeap<Waker>>,
}

impl Timers {
    pub fn new() -> Timers {
        Timers(Rc::new(Shared {
            now: Cell::new(Duration::ZERO),
            heap: RefCell::new(TimeHeap::new()),
        }))
    }

    pub fn now(&self) -> Duration {
        self.0.now.get()
    }

    pub fn set(&self, deadline: Duration, waker: Waker) -> EntryId {
        self.0.heap.borrow_mut().push(deadline, waker)
    }

    pub fn cancel(&self, id: EntryId) {
        // The borrow ends here: dropping a waker may run anything.
        let waker = self.0.heap.borrow_mut().cancel(id);
        drop(waker);
    }

    pub fn jump(&self) -> bool {
        // The borrow ends here, too: whoever is woken may set a timer.
        let next = self.0.heap.borrow_mut().pop();
        let Some((deadline, waker)) = next else {
            return false;
        };
        self.0.now.set(deadline.max(self.now()));
        waker.wake();
        true
    }

    pub fn sleep(&self, wait: Duration) -> Sleep {
        Sleep {
            timers: self.clone(),
            wait,
            entry: None,
        }
    }
}

pub struct Sleep {
    timers: Timers,
    wait: Duration,
    /// From the first poll on.
    entry: Option<Entry>,
}

struct Entry {
    deadline: Duration,
    id: EntryId,
    waker: Waker,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker();
        let now = self.timers.now();
        let deadline = match &self.entry {
            None => now.saturating_add(self.wait),
            Some(entry) if now >= entry.deadline => return Poll::Ready(()),
            Some(entry) if entry.waker.will_wake(waker) => return Poll::Pending,
            Some(entry) => {
                self.timers.cancel(entry.id);
                entry.deadline
            }
        };
        let id = self.timers.set(deadline, waker.clone());
        let waker = waker.clone();
        self.entry = Some(Entry {
            deadline,
            id,
            waker,
        });
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            self.timers.cancel(entry.id);
        }
    }
}

/// Waits as `lower` does; and where that would be in vain, lets the clock jump.
pub struct TimerPark<P> {
    timers: Timers,
    lower: P,
}

impl<P: Park> TimerPark<P> {
    pub fn new(timers: &Timers, lower: P) -> TimerPark<P> {
        TimerPark {
            timers: timers.clone(),
            lower,
        }
    }
}

impl<P: Park> Park for TimerPark<P> {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        let look = Some(Duration::ZERO);
        let called = self.lower.park(look);
        if called || timeout == look {
            return called;
        }
        self.timers.jump() || self.lower.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.lower.unparker()
    }
}
