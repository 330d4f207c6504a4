//! Waiting for something, but not for ever.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use event_loop::Time;
use pin_project_lite::pin_project;
use wakers::contained;

use crate::sleep::{Sleep, sleep, sleep_until};

/// The time was up.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::Elapsed;
///
/// timers::block_on(Clock::virtual_time(), async {
///     let never = std::future::pending::<()>();
///     let end = timers::timeout(Duration::from_secs(1), never).await;
///     assert_eq!(end, Err(Elapsed));
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time was up")
    }
}

impl std::error::Error for Elapsed {}

/// Awaits `future`, for at most `duration` from when it is first awaited.
///
/// A value that is ready in the same instant as the deadline wins. When the time is up, the future is dropped first,
/// and then [`Elapsed`] is reported: what it held is free by then.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{sleep, timeout, Elapsed};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let slow = async { sleep(Duration::from_secs(2)).await; "late" };
///     assert_eq!(timeout(Duration::from_secs(1), slow).await, Err(Elapsed));
///     assert_eq!(timeout(Duration::ZERO, async { "ready" }).await, Ok("ready"));
/// });
/// ```
#[track_caller]
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    Timeout::new(sleep(duration), future.into_future())
}

/// Awaits `future` until `deadline` at most.
///
/// ```
/// use event_loop::{Clock, Time};
/// use timers::{Elapsed, now, timeout_at};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let never = std::future::pending::<()>();
///     assert_eq!(timeout_at(Time::from_secs(3), never).await, Err(Elapsed));
///     assert_eq!(now(), Time::from_secs(3));
/// });
/// ```
#[track_caller]
pub fn timeout_at<F: IntoFuture>(deadline: Time, future: F) -> Timeout<F::IntoFuture> {
    Timeout::new(sleep_until(deadline), future.into_future())
}

// ANCHOR: struct
pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    #[derive(Debug)]
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Timeout<F> {
        // Emptied before the timeout is reported.
        #[pin]
        future: Option<F>,
        sleep: Sleep,
        moved: Option<Arc<Mutex<Moved>>>,
    }
}
// ANCHOR_END: struct

// ANCHOR: deadline
/// Moves the deadline of a [`Timeout`] while that is awaited, from any thread.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
/// use timers::{now, timeout};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let mut patient = timeout(Duration::from_secs(1), std::future::pending::<()>());
///     let deadline = patient.deadline();
///     deadline.move_to(Time::from_secs(5));
///     assert!(patient.await.is_err());
///     assert_eq!(now(), Time::from_secs(5));
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Deadline(Weak<Mutex<Moved>>);

/// What a [`Timeout`] shares with its [`Deadline`]s. It goes when the timeout goes.
#[derive(Debug, Default)]
struct Moved {
    to: Option<Time>,
    waker: Option<Waker>,
}

impl Deadline {
    /// Moves the deadline to `deadline`, earlier or later. After the end it changes
    /// nothing.
    pub fn move_to(&self, deadline: Time) {
        let Some(moved) = self.0.upgrade() else {
            return;
        };
        let waker = {
            let mut moved = open(&moved);
            moved.to = Some(deadline);
            moved.waker.take()
        };
        // The timeout has to be polled, to move its timer. Not while the lock is held:
        // a waker is foreign code.
        waker.map(|it| contained("a waker", || it.wake()));
    }
}
// ANCHOR_END: deadline

/// No foreign code runs under this lock, so a thread that panicked has left it in order.
fn open(moved: &Mutex<Moved>) -> MutexGuard<'_, Moved> {
    moved.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: Future> Timeout<F> {
    fn new(sleep: Sleep, future: F) -> Timeout<F> {
        Timeout {
            future: Some(future),
            sleep,
            moved: None,
        }
    }

    /// A handle that moves the deadline while the timeout is awaited.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut patient = timers::timeout(Duration::from_secs(1), std::future::pending::<()>());
    /// let from_elsewhere = patient.deadline();
    /// std::thread::spawn(move || from_elsewhere.move_to(event_loop::Time::from_secs(5)));
    /// ```
    pub fn deadline(&mut self) -> Deadline {
        Deadline(Arc::downgrade(self.moved.get_or_insert_default()))
    }
}

// ANCHOR: poll
impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    // What is awaited through it is awaited at its caller's line.
    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // hole: timeout — the value first, then a moved limit, then the clock; drop the future before reporting
        // tried by: timeout, leaky-timeout
        // also: timers
        if let Some(future) = this.future.as_mut().as_pin_mut()
            && let Poll::Ready(value) = future.poll(context)
        {
            this.future.set(None);
            return Poll::Ready(Ok(value));
        }
        if let Some(deadline) = this.moved.as_deref().and_then(|it| news(it, context)) {
            this.sleep.move_to(deadline);
        }
        ready!(Pin::new(this.sleep).poll(context));
        this.future.set(None);
        Poll::Ready(Err(Elapsed))
        // end hole
    }
}
// ANCHOR_END: poll

// ANCHOR: news
/// Where the deadline was moved since the last look, if it was. The next move wakes
/// whoever looks now.
fn news(moved: &Mutex<Moved>, context: &Context<'_>) -> Option<Time> {
    let waker = Some(context.waker().clone());
    let (news, _old_waker) = {
        let mut moved = open(moved);
        (moved.to.take(), mem::replace(&mut moved.waker, waker))
    };
    news
}
// ANCHOR_END: news
