//! Until what a lock protects has become different.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::suspended;
use task_cell::{Cancelled, catch_cancel};
use wakers::WaiterKey;

use crate::lock::{Guard, Lock};
use crate::notices::Notices;

/// Where tasks wait for somebody who changes what a [`Lock`] protects: asyncio's `Condition`.
///
/// ```
/// use event_loop::Clock;
/// use std::rc::Rc;
/// use sync::{Condition, Lock};
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let rank = Rc::new((Lock::new(Vec::new()), Condition::new()));
///     let here = Rc::clone(&rank);
///     let guest = spawn(async move {
///         let (taxis, came) = &*here;
///         let taxis = taxis.lock().await;
///         let mut taxis = came.wait_while(taxis, |taxis| taxis.is_empty()).await;
///         taxis.pop()
///     });
///     polling::yield_now().await; // The guest waits, and has given the lock back.
///     rank.0.lock().await.push("taxi");
///     rank.1.notify_one();
///     assert_eq!(guest.await.unwrap(), Some("taxi"));
/// });
/// ```
#[derive(Debug, Default)]
pub struct Condition {
    notices: Notices,
}

/// Notice was given, to be used when the lock is there. Dropped before that, it is passed on.
struct Notice<'a> {
    condition: &'a Condition,
    /// Whether it was to this one alone.
    alone: bool,
}

/// Gives the guard back, and waits for notice.
struct Noticed<'a, 'l, T: ?Sized> {
    condition: &'a Condition,
    /// Until it is in the line.
    guard: Option<Guard<'l, T>>,
    key: WaiterKey,
    location: &'static Location<'static>,
}

impl Condition {
    /// Nobody waits.
    pub const fn new() -> Condition {
        Condition {
            notices: Notices::new(),
        }
    }

    /// Gives the lock back, waits for notice, and takes the lock again. Notice given meanwhile is not missed.
    ///
    /// What it waits for may be gone again by then: look, or use [`wait_while`](Condition::wait_while). Dropped half-way it
    /// gives no guard back, so nobody can believe to hold the lock; and notice that was on its way to it alone goes to the
    /// next.
    ///
    /// ```
    /// use sync::{Condition, Lock};
    ///
    /// let (meter, moved) = (Lock::new(0), Condition::new());
    /// let mut reader = Box::pin(async {
    ///     let meter = meter.lock().await;
    ///     *moved.wait(meter).await
    /// });
    /// let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// assert!(reader.as_mut().poll(&mut context).is_pending());
    /// *meter.try_lock().unwrap() = 7; // The reader has given the lock back.
    /// moved.notify_all();
    /// assert_eq!(polling::spin_on(reader).output, 7);
    /// ```
    #[track_caller]
    pub fn wait<'l, T: ?Sized>(
        &self,
        guard: Guard<'l, T>,
    ) -> impl Future<Output = Guard<'l, T>> {
        self.wait_at(guard, Location::caller())
    }

    async fn wait_at<'l, T: ?Sized>(
        &self,
        guard: Guard<'l, T>,
        location: &'static Location<'static>,
    ) -> Guard<'l, T> {
        let lock = Guard::lock(&guard);
        let noticed = Noticed {
            condition: self,
            guard: Some(guard),
            key: WaiterKey::default(),
            location,
        };
        let mut notice = noticed.await;
        let guard = lock.lock_at(location).await;
        notice.alone = false;
        guard
    }

    /// Waits as long as `condition` holds: looks before it waits, and each time it has been given notice.
    #[track_caller]
    pub fn wait_while<'l, T: ?Sized>(
        &self,
        mut guard: Guard<'l, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> impl Future<Output = Guard<'l, T>> {
        let location = Location::caller();
        async move {
            while condition(&mut guard) {
                guard = self.wait_at(guard, location).await;
            }
            guard
        }
    }

    /// [`wait`](Condition::wait), but the guard comes back in any case: if the task is cancelled meanwhile, it takes the
    /// lock all the same, and says so. A further cancellation while it waits for the lock ends it.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use sync::{Condition, Lock};
    /// use task_cell::{Cancelled, spawn};
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let guest = spawn(async {
    ///         let (rank, came) = (Lock::new(0), Condition::new());
    ///         let (mut rank, outcome) = came.wait_or_cancelled(rank.lock().await).await;
    ///         *rank += 1; // Tidies up what the lock protects.
    ///         outcome
    ///     });
    ///     polling::yield_now().await;
    ///     guest.cancel();
    ///     assert_eq!(guest.await.unwrap(), Err(Cancelled));
    /// });
    /// ```
    #[track_caller]
    pub fn wait_or_cancelled<'l, T: ?Sized>(
        &self,
        guard: Guard<'l, T>,
    ) -> impl Future<Output = (Guard<'l, T>, Result<(), Cancelled>)> {
        let location = Location::caller();
        async move {
            let lock: &Lock<T> = Guard::lock(&guard);
            match catch_cancel(self.wait_at(guard, location)).await {
                Ok(guard) => (guard, Ok(())),
                Err(cancelled) => (lock.lock_at(location).await, Err(cancelled)),
            }
        }
    }

    /// Gives notice to the one who has waited longest, if anybody waits.
    pub fn notify_one(&self) {
        self.notices.to_one();
    }

    /// Gives notice to all who wait. They take the lock one after the other, in the order in which they came.
    ///
    /// ```
    /// let (rank, came) = (sync::Lock::new(0), sync::Condition::new());
    /// polling::spin_on(async {
    ///     *rank.lock().await += 2;
    ///     came.notify_all(); // Nobody waits: nothing happens.
    /// });
    /// ```
    pub fn notify_all(&self) {
        self.notices.to_all();
    }
}

impl<'a, T: ?Sized> Future for Noticed<'a, '_, T> {
    type Output = Notice<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Notice<'a>> {
        let condition = self.condition;
        let noticed = condition.notices.poll_wait(&mut self.key, context);
        // It is in the line: whoever gets the lock now, and gives notice, finds it there.
        drop(self.guard.take());
        if noticed.is_pending() {
            suspended(self.location, "condition");
        }
        noticed.map(|alone| Notice { condition, alone })
    }
}

impl<T: ?Sized> Drop for Noticed<'_, '_, T> {
    fn drop(&mut self) {
        if self.condition.notices.leave(&mut self.key) {
            self.condition.notify_one();
        }
    }
}

impl Drop for Notice<'_> {
    fn drop(&mut self) {
        if self.alone {
            self.condition.notify_one();
        }
    }
}
