//! The layer that knows the time.

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use event_loop::{Clock, Time};
use wakers::{Callback, Park, callback_sink, contained, enter};

use crate::current::{CURRENT, Entry, Shared};

// ANCHOR: struct
/// Waits as the layer below does, and wakes those whose deadline has come.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
/// use timers::{Timers, call_later};
/// use wakers::{Park, ThreadPark};
///
/// let mut timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
/// let current = timers.enter();
/// call_later(Duration::from_secs(3), || println!("3 s"));
/// assert_eq!(timers.pending(), 1);
/// // Nothing is ready, so now becomes the next deadline.
/// assert!(timers.park(None)?);
/// assert_eq!((timers::now(), timers.pending()), (Time::from_secs(3), 0));
/// # drop(current);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Timers<P> {
    lower: P,
    shared: Rc<Shared>,
    /// What is due at an instant, kept from one to the next for its memory.
    due: VecDeque<Entry>,
}
// ANCHOR_END: struct

impl<P: Park> Timers<P> {
    /// Timers on `lower`, by `clock`.
    pub fn new(lower: P, clock: Clock) -> Timers<P> {
        let shared = Rc::new(Shared::new(clock, lower.unparker()));
        let due = VecDeque::new();
        Timers { lower, shared, due }
    }

    /// The layer below.
    ///
    /// ```
    /// let thread = wakers::ThreadPark::new();
    /// let layers = timers::Timers::new(thread, event_loop::Clock::real());
    /// assert!(!wakers::Park::expects_wake(layers.lower())); // A thread wakes nobody.
    /// ```
    pub fn lower(&self) -> &P {
        &self.lower
    }

    /// How many sleeps, timeouts and callbacks are set.
    pub fn pending(&self) -> usize {
        self.shared.heap.borrow().len()
    }

    // ANCHOR: expire
    /// Calls and wakes what is due at `now`, in the order of the deadlines, and of equal
    /// ones in the order in which they were set.
    ///
    /// Callbacks that are due at the same moment as sleepers run before them all the same:
    /// a waker only makes its sleeper ready, and the loop goes on with it after this.
    fn expire(&mut self, now: Time) -> bool {
        let mut heap = self.shared.heap.borrow_mut();
        while let Some((_, entry)) = heap.pop_due(now) {
            self.due.push_back(entry);
        }
        // (The look that found no more has the processor fetch the next slot meanwhile.)
        // Callbacks and wakers are foreign code, and may set timers.
        drop(heap);
        let any = !self.due.is_empty();
        // One that panics does not keep the others from being called.
        while let Some(entry) = self.due.pop_front() {
            match entry {
                Entry::Wake(waker) => contained("a waker", || waker.wake()),
                Entry::Call(callback) => contained("a callback", || call(callback)),
            };
        }
        any
    }
    // ANCHOR_END: expire

    // ANCHOR: real
    /// On the wall clock: the layer below waits, but not past the next deadline.
    fn park_real(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let woken = self.lower.park(self.longest_wait(timeout))?;
        let now = self.shared.now();
        Ok(self.expire(now) | woken)
    }

    /// How long the layer below may wait, if we may wait for `timeout`.
    fn longest_wait(&self, timeout: Option<Duration>) -> Option<Duration> {
        // hole: longest-wait — until the next deadline, or for as long as we may: what is shorter
        // tried by: wall-clock, below
        // also: timers
        let next = self.shared.heap.borrow_mut().next_deadline();
        let until_next = next.map(|next| next - self.shared.now());
        timeout.into_iter().chain(until_next).min()
        // end hole
    }
    // ANCHOR_END: real

    // ANCHOR: virtual
    /// On the virtual clock: if nothing can happen now, now becomes the next deadline.
    fn park_virtual(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let look = Some(Duration::ZERO);
        // Counted before the look: who calls and then leaves is either counted or seen.
        let outside = self.shared.outside.load(Ordering::Acquire) > 0;
        let woken = self.lower.park(look)?;
        let now = self.shared.now();
        let next = self.shared.heap.borrow_mut().next_deadline();
        let due = next.is_some_and(|next| next <= now);
        let fired = due && self.expire(now);
        if woken || fired || timeout == look {
            return Ok(woken || fired);
        }
        // Somebody outside will call. When, no virtual clock can know: wait for it.
        if outside || self.lower.expects_wake() {
            return self.lower.park(timeout);
        }
        let limit = timeout.and_then(|timeout| now.checked_add(timeout));
        let next = next.into_iter().chain(limit).min().ok_or_else(deadlock)?;
        self.shared.clock.borrow_mut().wait_until(next);
        Ok(self.expire(next))
    }
    // ANCHOR_END: virtual
}

/// Hands `callback` to the loop's queue, or calls it here if the loop has none.
fn call(callback: Callback) {
    match callback_sink() {
        Some(sink) => sink(callback),
        None => callback(),
    }
}

fn deadlock() -> io::Error {
    io::Error::new(
        io::ErrorKind::Deadlock,
        "deadlock: no timer is set, and nobody outside is expected to call",
    )
}

impl<P: Park + 'static> Park for Timers<P> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        match self.shared.is_virtual() {
            true => self.park_virtual(timeout),
            false => self.park_real(timeout),
        }
    }

    fn unparker(&self) -> Waker {
        self.lower.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        trace::clock_is(self.shared.is_virtual(), self.shared.now().as_nanos());
        (enter(&CURRENT, Rc::clone(&self.shared)), self.lower.enter())
    }

    fn expects_wake(&self) -> bool {
        let outside = self.shared.outside.load(Ordering::Acquire) > 0;
        self.pending() > 0 || outside || self.lower.expects_wake()
    }
}
