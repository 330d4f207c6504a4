//! The contract of a future: what whoever polls it may count on.
//!
//! Every hand-written future of the workbook is run through [`Contract`]. It is given a way to make the future, and
//! with each one a way to complete it; it does the rest:
//!
//! ```ignore
//! Contract::new(|| {
//!     let (caller, phone) = wakers::phone();
//!     (phone, move || caller.say(7))
//! })
//! .gives(Some(7))
//! .check_send();
//! ```
//!
//! - What the future needs around it (a loop that is entered, an executor) is set up before, and `make` borrows it,
//!   usually from an `Rc`. Completing may be anything: say a word, let time pass with `park(None)`, run an executor.
//!   When it returns, the future must have been woken.
//! - A future that asks to be polled again, and so completes itself, is completed by `|| ()`.
//! - One whose wait begins with its first poll says [`from_first_poll`](Contract::from_first_poll): nothing can
//!   complete it before.
//!
//! [`Bell`] is the waker it uses, for tests of your own: it counts its rings and its clones.

mod bell;
mod polled;

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread::{self, JoinHandle};

pub use crate::limits::watchdog;
pub use bell::Bell;
use bell::{ERRAND, Errand, assert_released};
use polled::{POLLS, Polled};

/// How often a completion on another thread races against polls.
const RACES: usize = 300;

/// The contract of one kind of future.
pub struct Contract<F: Future, C> {
    make: Box<dyn FnMut() -> (F, C)>,
    gives: Option<F::Output>,
    from_first_poll: bool,
}

impl<F, C> Contract<F, C>
where
    F: Future<Output: PartialEq + Debug> + 'static,
    C: FnOnce() + 'static,
{
    /// The contract of the futures that `make` makes, each with what completes it.
    pub fn new(make: impl FnMut() -> (F, C) + 'static) -> Contract<F, C> {
        Contract {
            make: Box::new(make),
            gives: None,
            from_first_poll: false,
        }
    }

    /// Says what each of them gives. Otherwise, all must give what the first gave.
    pub fn gives(mut self, output: F::Output) -> Contract<F, C> {
        self.gives = Some(output);
        self
    }

    /// Says that the wait begins with the first poll, so that nothing can complete it before.
    pub fn from_first_poll(mut self) -> Contract<F, C> {
        self.from_first_poll = true;
        self
    }

    /// Checks all but what needs another thread.
    ///
    /// # Panics
    ///
    /// If the contract is broken: which part, and how.
    pub fn check(mut self) {
        self.all();
    }

    /// Checks all, for a future that may be sent to another thread and completed there.
    ///
    /// # Panics
    ///
    /// If the contract is broken: which part, and how.
    pub fn check_send(mut self)
    where
        F: Send,
        F::Output: Send,
        C: Send,
    {
        self.all();
        let _watchdog = watchdog();
        self.moved_to_another_thread();
        for _ in 0..RACES {
            self.completed_on_another_thread();
        }
    }

    fn all(&mut self) {
        let _watchdog = watchdog();
        self.plain_run();
        self.spurious_polls();
        self.newest_waker();
        self.completed_before_the_first_poll();
        self.duplicate_wakes();
        self.woken_after_the_end();
        self.dropped_half_way();
        self.dropped_by_its_own_waker();
        self.completed_while_it_is_polled();
    }

    fn make(&mut self) -> (Polled<F>, C) {
        let (future, complete) = (self.make)();
        let future = Box::pin(future);
        (Polled { future }, complete)
    }

    /// One that waits; or, if it completes itself, what it gave.
    fn waiting(&mut self, bell: &Arc<Bell>) -> Option<(Polled<F>, C)> {
        let (mut polled, complete) = self.make();
        match polled.settle(bell) {
            None => Some((polled, complete)),
            Some(output) => {
                self.compare(output, "polled only when it asks for it");
                None
            }
        }
    }

    fn compare(&mut self, output: F::Output, when: &str) {
        let wanted = self.gives.as_ref();
        let wanted = wanted.expect("the plain run comes first");
        assert_eq!(output, *wanted, "{when}: it gave something else");
    }

    fn plain_run(&mut self) {
        let bell = Bell::new();
        let (mut polled, complete) = self.make();
        let first = polled.poll(&bell);
        assert!(
            first.is_pending(),
            "`make` must give a future that is not ready yet"
        );
        let settled = if bell.rings() > 0 {
            polled.settle(&bell)
        } else {
            None
        };
        let output = settled.unwrap_or_else(|| {
            complete();
            polled.finish(&bell, "polled once")
        });
        drop(polled);
        assert_released(&bell, "after the end");
        match self.gives {
            Some(_) => self.compare(output, "polled once"),
            None => self.gives = Some(output),
        }
    }

    /// Polls for no reason change nothing, wake nobody, and pile up no wakers.
    fn spurious_polls(&mut self) {
        let bell = Bell::new();
        let Some((mut polled, complete)) = self.waiting(&bell) else {
            return;
        };
        let held = bell.clones();
        for _ in 0..100 {
            let poll = polled.poll(&bell);
            assert!(poll.is_pending(), "a spurious poll made it ready");
            assert_eq!(bell.rings(), 0, "a spurious poll woke its own waker");
        }
        assert!(
            bell.clones() <= held.max(1),
            "spurious polls pile up wakers: {held}, then {}",
            bell.clones()
        );
        complete();
        let output = polled.finish(&bell, "after spurious polls");
        self.compare(output, "after spurious polls");
    }

    /// Between polls, it may be given another waker. The newest counts.
    fn newest_waker(&mut self) {
        let when = "with a new waker at each poll";
        let (mut polled, complete) = self.make();
        let mut newest = Bell::new();
        for polls in 0.. {
            assert!(polls < POLLS, "{when}: it asks to be polled again for ever");
            match polled.poll(&newest) {
                Poll::Ready(output) => return self.compare(output, when),
                // It asks for more: or it is polled twice more for nothing.
                Poll::Pending if newest.rings() > 0 || polls < 2 => newest = Bell::new(),
                Poll::Pending => break,
            }
        }
        complete();
        let output = polled.finish(&newest, when);
        self.compare(output, when);
    }

    fn completed_before_the_first_poll(&mut self) {
        if self.from_first_poll {
            return;
        }
        let when = "completed before the first poll";
        let bell = Bell::new();
        let (mut polled, complete) = self.make();
        complete();
        match polled.settle(&bell) {
            Some(output) => self.compare(output, when),
            None => panic!("{when}: it waits for what has happened"),
        }
    }

    /// Others may wake it too, for nothing and again.
    fn duplicate_wakes(&mut self) {
        let bell = Bell::new();
        let Some((mut polled, complete)) = self.waiting(&bell) else {
            return;
        };
        bell.waker().wake();
        let poll = polled.poll(&bell);
        assert!(poll.is_pending(), "a spurious wake made it ready");
        complete();
        bell.waker().wake();
        bell.waker().wake();
        let output = polled.finish(&bell, "woken three times");
        self.compare(output, "woken three times");
    }

    fn woken_after_the_end(&mut self) {
        let bell = Bell::new();
        let kept = bell.waker();
        let (mut polled, complete) = self.make();
        if polled.settle(&bell).is_none() {
            complete();
            polled.finish(&bell, "before it is woken after the end");
        }
        kept.wake_by_ref();
        drop(polled);
        kept.wake();
        assert_released(&bell, "woken after the end");
    }

    /// A future may be dropped at any time. Then it wakes nobody any more, or at least keeps no waker.
    fn dropped_half_way(&mut self) {
        drop(self.make());
        let (polled, complete) = self.make();
        drop(polled);
        complete();
        let bell = Bell::new();
        let (mut polled, complete) = self.make();
        assert!(polled.poll(&bell).is_pending());
        drop(polled);
        assert_released(&bell, "dropped half-way");
        complete();
        assert_released(&bell, "dropped half-way, then completed");
        // What completes it may go first.
        let (mut polled, complete) = self.make();
        assert!(polled.poll(&bell).is_pending());
        drop(complete);
        drop(polled);
        assert_released(&bell, "dropped half-way, after what would complete it");
    }

    /// A waker is foreign code. It may drop the future: so nothing may be locked or borrowed when it is called.
    fn dropped_by_its_own_waker(&mut self) {
        let bell = Bell::with(Errand::OnRing);
        let Some((polled, complete)) = self.waiting(&bell) else {
            return;
        };
        ERRAND.set(Some(Box::new(move || drop(polled))));
        complete();
        let left = ERRAND.with(RefCell::take);
        assert!(left.is_none(), "completed, and its waker was not woken");
        assert_released(&bell, "dropped by its own waker");
    }

    /// A waker that is replaced is dropped, and its drop is foreign code too. Here it completes the future, in the
    /// middle of the poll.
    fn completed_while_it_is_polled(&mut self) {
        let when = "completed while it was polled";
        let old = Bell::with(Errand::OnDrop);
        let Some((mut polled, complete)) = self.waiting(&old) else {
            return;
        };
        ERRAND.set(Some(Box::new(complete)));
        drop(old);
        let newest = Bell::new();
        let poll = polled.poll(&newest);
        // It may keep the old waker until later, or drop it before it looks.
        let late = ERRAND.with(RefCell::take);
        if let Some(complete) = late {
            complete();
        }
        let output = match poll {
            Poll::Ready(output) => output,
            Poll::Pending => polled.finish(&newest, when),
        };
        self.compare(output, when);
    }

    /// Polled here, then there; the newest waker is there.
    fn moved_to_another_thread(&mut self)
    where
        F: Send,
        F::Output: Send,
    {
        let when = "moved to another thread";
        let (mut polled, complete) = self.make();
        assert!(polled.poll(&Bell::new()).is_pending());
        let (tell, waits) = mpsc::channel();
        let (done, completed) = mpsc::channel();
        let there = thread::spawn(move || {
            let bell = Bell::new();
            polled.settle(&bell).unwrap_or_else(|| {
                tell.send(()).expect("the test listens");
                completed.recv().expect("the test completes it");
                polled.finish(&bell, when)
            })
        });
        // An error: it has ended without us.
        if waits.recv().is_ok() {
            complete();
            done.send(()).expect("the other thread listens");
        }
        let output = join(there);
        self.compare(output, when);
    }

    /// Wherever the call comes between our steps, it is not lost.
    fn completed_on_another_thread(&mut self)
    where
        C: Send,
    {
        let when = "completed on another thread";
        let bell = Bell::new();
        let (mut polled, complete) = self.make();
        let mut there = Some(thread::spawn(complete));
        let output = loop {
            match polled.poll(&bell) {
                Poll::Ready(output) => break output,
                Poll::Pending if bell.rings() > 0 => {}
                Poll::Pending => {
                    // When that thread has ended, nobody is left who could ring.
                    there.take().map(join);
                    assert!(bell.rings() > 0, "{when}: the call was lost");
                }
            }
        };
        there.map(join);
        self.compare(output, when);
    }
}

fn join<T>(thread: JoinHandle<T>) -> T {
    let result = thread.join();
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
