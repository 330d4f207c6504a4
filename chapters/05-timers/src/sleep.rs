//! Waiting for a moment.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use event_loop::Time;
use polling::suspended;
use wakers::contained;

use crate::current::{Entry, Key, Shared, current};

/// Waits for `duration`, counted from when it is first awaited.
///
/// Zero lets the others that are ready have their turn first, as `asyncio.sleep(0)` does. [`Duration::MAX`] and
/// other waits past the end of the clock never end.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
///
/// timers::block_on(Clock::virtual_time(), async {
///     timers::sleep(Duration::from_secs(3600)).await; // takes no time here
///     assert_eq!(timers::now(), Time::from_secs(3600));
/// });
/// ```
///
/// # Panics
///
/// When awaited where no loop with timers runs, or moved to another loop half-way.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    let (location, state) = (Location::caller(), State::For(duration));
    Sleep { location, state }
}

/// Waits until `deadline`. A moment that has passed lets the others have their turn first.
///
/// ```
/// use event_loop::{Clock, Time};
///
/// timers::block_on(Clock::virtual_time(), async {
///     timers::sleep_until(Time::from_secs(3)).await;
///     timers::sleep_until(Time::from_secs(1)).await; // It has passed.
///     assert_eq!(timers::now(), Time::from_secs(3));
/// });
/// ```
///
/// # Panics
///
/// As [`sleep`].
#[track_caller]
pub fn sleep_until(deadline: Time) -> Sleep {
    Sleep::until(deadline, Location::caller())
}

// ANCHOR: struct
/// The future of [`sleep`] and [`sleep_until`].
///
/// It holds no part of the loop, only numbers, so it can be sent to another thread. It can
/// be *used* only where it was first awaited.
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep {
    /// Where it was made, for messages.
    location: &'static Location<'static>,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Not polled yet: so long, from the first poll on.
    For(Duration),
    /// Not polled yet, or moved, or past the end of the clock: until then.
    Until(Time),
    /// In the heap.
    Waiting { key: Key, deadline: Time },
    /// Its entry has left the heap, or there was none: the others have had their turn.
    Over { deadline: Time },
}
// ANCHOR_END: struct

impl Sleep {
    /// The moment it waits for, if it is known: the deadline counts from the first poll.
    ///
    /// ```
    /// use event_loop::Time;
    /// use std::time::Duration;
    ///
    /// assert_eq!(timers::sleep_until(Time::MAX).deadline(), Some(Time::MAX));
    /// // It is counted from the first poll.
    /// assert_eq!(timers::sleep(Duration::from_secs(3)).deadline(), None);
    /// ```
    pub fn deadline(&self) -> Option<Time> {
        match self.state {
            State::Until(deadline)
            | State::Waiting { deadline, .. }
            | State::Over { deadline } => Some(deadline),
            State::For(_) => None,
        }
    }

    /// [`sleep_until`], called at `location`.
    pub(crate) fn until(deadline: Time, location: &'static Location<'static>) -> Sleep {
        let state = State::Until(deadline);
        Sleep { location, state }
    }

    /// Waits until `deadline` instead.
    pub(crate) fn move_to(&mut self, deadline: Time) {
        self.leave();
        self.state = State::Until(deadline);
    }

    // ANCHOR: register
    /// The first poll: goes into the heap.
    fn register(&mut self, shared: &Shared, context: &Context<'_>) {
        let now = match self.state {
            // Whether it has passed, the next look at the wall clock will tell.
            State::Until(_) if !shared.is_virtual() => Time::ZERO,
            _ => shared.now(),
        };
        let deadline = match self.state {
            State::For(wait) => now.saturating_add(wait),
            State::Until(deadline) => deadline,
            _ => unreachable!("registered before"),
        };
        self.state = match deadline {
            // Past the end of the clock.
            Time::MAX => State::Until(deadline),
            _ if deadline <= now => {
                context.waker().wake_by_ref();
                State::Over { deadline }
            }
            _ => State::Waiting {
                key: shared.push(deadline, Entry::Wake(context.waker().clone())),
                deadline,
            },
        };
    }
    // ANCHOR_END: register

    #[track_caller]
    fn must_be_its_own(&self, key: Key, shared: &Shared) {
        assert!(
            key.shared == shared.id,
            "sleep (called at {}) was first awaited on another loop, which keeps its deadline: \
             await it there, or call sleep anew here",
            self.location
        );
    }

    /// Takes its entry out of the heap.
    fn leave(&mut self) {
        if let State::Waiting { key, .. } = self.state {
            contained("a waker", || drop(key.cancel()));
        }
    }
}

// ANCHOR: poll
impl Future for Sleep {
    type Output = ();

    // A panic is blamed on the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let shared = current("sleep", self.location);
        // hole: sleep — register first, then wait until the entry has left the heap; the newest waker counts
        // tried by: sleep, handed-on, taxi
        // also: timers
        match self.state {
            State::For(_) | State::Until(_) => self.register(&shared, context),
            State::Waiting { key, deadline } => {
                self.must_be_its_own(key, &shared);
                if !shared.renew(key, context.waker()) {
                    self.state = State::Over { deadline };
                    return Poll::Ready(());
                }
            }
            State::Over { .. } => return Poll::Ready(()),
        }
        suspended(self.location, "sleep");
        Poll::Pending
        // end hole
    }
}
// ANCHOR_END: poll

impl Drop for Sleep {
    fn drop(&mut self) {
        self.leave();
    }
}
