//! Something that has happened, or has not yet.

use std::cell::Cell;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::{spend, suspended};
use wakers::{WaiterKey, Waiters};

use crate::turns::line_up;

// ANCHOR: event
/// A flag that tasks can wait for: asyncio's `Event`.
///
/// ```
/// use event_loop::Clock;
/// use std::rc::Rc;
/// use sync::Event;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let green = Rc::new(Event::new());
///     let light = Rc::clone(&green);
///     let taxi = spawn(async move { light.wait().await });
///     polling::yield_now().await; // The taxi waits now.
///     green.set();
///     green.clear(); // Too late to stop it.
///     taxi.await.unwrap();
///     assert!(!green.is_set());
/// });
/// ```
#[derive(Debug, Default)]
pub struct Event {
    set: Cell<bool>,
    waiters: Waiters,
}

/// The future of [`Event::wait`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Wait<'a> {
    event: &'a Event,
    key: WaiterKey,
    location: &'static Location<'static>,
    /// What it waits for, in a word.
    why: &'static str,
}
// ANCHOR_END: event

// ANCHOR: set
impl Event {
    /// An event that has not happened.
    pub const fn new() -> Event {
        Event {
            set: Cell::new(false),
            waiters: Waiters::new(),
        }
    }

    /// It has happened: all who wait go on, in the order in which they came, and nobody
    /// waits any more.
    pub fn set(&self) {
        self.set.set(true);
        self.waiters.wake_all();
    }

    /// It has not happened: whoever comes from now on waits. Those who were waiting when it
    /// was set go on all the same.
    pub fn clear(&self) {
        self.set.set(false);
    }
    // ANCHOR_END: set

    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.set.get()
    }

    /// Waits until it has happened; if it has already, without a stop. A wait that is dropped leaves nothing behind.
    #[track_caller]
    pub fn wait(&self) -> Wait<'_> {
        self.wait_as("event", Location::caller())
    }

    pub(crate) fn wait_as(
        &self,
        why: &'static str,
        location: &'static Location<'static>,
    ) -> Wait<'_> {
        Wait {
            event: self,
            key: WaiterKey::default(),
            location,
            why,
        }
    }
}

// ANCHOR: wait
impl Wait<'_> {
    /// It is set, or it was set while this one waited.
    fn has_happened(&self) -> bool {
        let waited = self.key != WaiterKey::default();
        self.event.set.get() || waited && !self.event.waiters.contains(&self.key)
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // hole: wait — ready if it has happened; else leave the waker, look again, and say where it waits
        // tried by: event
        // also: sync
        if !self.has_happened() {
            let event = self.event;
            line_up(&event.waiters, &mut self.key, context);
        }
        // Looked at again: to clone a waker is foreign code, which may have set the event.
        if !self.has_happened() || spend(context).is_pending() {
            suspended(self.location, self.why);
            return Poll::Pending;
        }
        Poll::Ready(())
        // end hole
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.event.waiters.cancel(&mut self.key);
    }
}
// ANCHOR_END: wait
