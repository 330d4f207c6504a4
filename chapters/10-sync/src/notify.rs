//! A nudge: to one, now or later, or to all who are there.

use std::cell::Cell;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::suspended;
use wakers::WaiterKey;

use crate::notices::Notices;
use crate::turns::is_new;

/// Wakes one task, or all that wait: what tokio calls `Notify`.
///
/// ```
/// use event_loop::Clock;
/// use std::rc::Rc;
/// use sync::Notify;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let bell = Rc::new(Notify::new());
///     bell.notify_one(); // Nobody waits: kept for whoever comes,
///     bell.notify_one(); // once.
///     bell.notified().await;
///     let desk = Rc::clone(&bell);
///     let clerk = spawn(async move { desk.notified().await });
///     polling::yield_now().await;
///     bell.notify_waiters();
///     clerk.await.unwrap();
/// });
/// ```
#[derive(Debug, Default)]
pub struct Notify {
    notices: Notices,
    /// A notice to one that nobody was there for.
    permit: Cell<bool>,
    /// How often notice was given to all.
    calls: Cell<u64>,
}

/// The future of [`Notify::notified`].
///
/// ```
/// let bell = sync::Notify::new();
/// let notified: sync::Notified<'_> = bell.notified();
/// bell.notify_waiters(); // It counts, though it is not awaited yet.
/// polling::spin_on(notified);
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Notified<'a> {
    notify: &'a Notify,
    key: WaiterKey,
    /// How many calls to all there had been when it was made.
    calls: u64,
    location: &'static Location<'static>,
}

impl Notify {
    /// Nobody waits.
    pub const fn new() -> Notify {
        Notify {
            notices: Notices::new(),
            permit: Cell::new(false),
            calls: Cell::new(0),
        }
    }

    /// Wakes the one who has waited longest. If nobody waits, the next one who comes does not stop; one is kept, however
    /// often this is called.
    pub fn notify_one(&self) {
        if !self.notices.to_one() {
            self.permit.set(true);
        }
    }

    /// Wakes all who wait, and those whose [`notified`](Notify::notified) was called and not awaited yet. Nothing is kept
    /// for those who come later.
    pub fn notify_waiters(&self) {
        self.calls.set(self.calls.get() + 1);
        self.notices.to_all();
    }

    /// Waits until it is woken. Dropped before it has seen that it was, it passes on what was for it alone.
    #[track_caller]
    pub fn notified(&self) -> Notified<'_> {
        Notified {
            notify: self,
            key: WaiterKey::default(),
            calls: self.calls.get(),
            location: Location::caller(),
        }
    }
}

impl Notified<'_> {
    /// It has not been in the line yet, and need not.
    fn is_noticed(&self) -> bool {
        let called = self.notify.calls.get() != self.calls;
        is_new(&self.key) && (called || self.notify.permit.take())
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let notify = self.notify;
        if self.is_noticed() {
            return Poll::Ready(());
        }
        let before = (notify.calls.get(), is_new(&self.key));
        let noticed = notify.notices.poll_wait(&mut self.key, context);
        if noticed.is_ready() {
            return Poll::Ready(());
        }
        // To clone a waker is foreign code: notice given in it came before this one was in the line.
        if before.1 && before.0 != notify.calls.get() {
            return Poll::Ready(());
        }
        if notify.permit.take() {
            // For the first in the line, whose waker is called if it is this one.
            notify.notify_one();
        }
        suspended(self.location, "notify");
        Poll::Pending
    }
}

impl Drop for Notified<'_> {
    fn drop(&mut self) {
        if self.notify.notices.leave(&mut self.key) {
            self.notify.notify_one();
        }
    }
}
