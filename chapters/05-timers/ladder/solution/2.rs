//! Chapter 5, by me.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::event_loop::{EntryId, TimeHeap};

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
            deadline: None,
        }
    }
}

pub struct Sleep {
    timers: Timers,
    wait: Duration,
    /// From the first poll on.
    deadline: Option<Duration>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let now = self.timers.now();
        let Some(deadline) = self.deadline else {
            let deadline = now.saturating_add(self.wait);
            self.deadline = Some(deadline);
            self.timers.set(deadline, context.waker().clone());
            return Poll::Pending;
        };
        if now < deadline {
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}
