//! Timer callbacks.

use std::panic::Location;
use std::time::Duration;

use event_loop::Time;
use wakers::{Callback, discard};

use crate::current::{Entry, Key, Shared, current};

// ANCHOR: call
/// Calls `callback` after `delay`.
///
/// Callbacks that are due at the same moment as sleepers run before them. One that is
/// due past the end of the clock ([`Duration::MAX`]) is never called, and dropped at
/// once: if its destructor sets another such one, and that one's again, there is no
/// end to it.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
/// use timers::{call_later, now, sleep};
///
/// timers::block_on(Clock::virtual_time(), async {
///     call_later(Duration::from_secs(3), || assert_eq!(now(), Time::from_secs(3)));
///     sleep(Duration::from_secs(4)).await;
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn call_later(delay: Duration, callback: impl FnOnce() + 'static) -> TimerHandle {
    let shared = current("call_later", Location::caller());
    shared.set(shared.now().saturating_add(delay), Box::new(callback))
}

// ANCHOR_END: call

/// Calls `callback` at `deadline`; as [`call_later`].
///
/// ```
/// use event_loop::{Clock, Time};
/// use timers::{call_at, now, sleep_until};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let timer = call_at(Time::from_secs(3), || assert_eq!(now(), Time::from_secs(3)));
///     assert_eq!(timer.when(), Time::from_secs(3));
///     sleep_until(Time::from_secs(4)).await;
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn call_at(deadline: Time, callback: impl FnOnce() + 'static) -> TimerHandle {
    current("call_at", Location::caller()).set(deadline, Box::new(callback))
}

// ANCHOR: set
impl Shared {
    fn set(&self, deadline: Time, callback: Callback) -> TimerHandle {
        let key = if deadline < Time::MAX {
            Some(self.push(deadline, Entry::Call(callback)))
        } else {
            discard("a callback's destructor", callback);
            None
        };
        TimerHandle { key, deadline }
    }
}
// ANCHOR_END: set

/// Names a timer callback. Dropping it changes nothing.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// timers::block_on(Clock::virtual_time(), async {
///     let timer = timers::call_later(Duration::from_secs(3), || panic!("too late"));
///     assert!(timer.cancel());
///     timers::sleep(Duration::from_secs(4)).await;
///     assert!(!timer.cancel());
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TimerHandle {
    /// `None` if it will never be called.
    key: Option<Key>,
    deadline: Time,
}

impl TimerHandle {
    /// When it is due.
    pub fn when(&self) -> Time {
        self.deadline
    }

    /// Cancels it: whether it was still to be called. False too where its loop is not the current one.
    ///
    /// The callback is dropped here; a panic of its destructor is reported, and not thrown.
    pub fn cancel(&self) -> bool {
        let entry = self.key.and_then(Key::cancel);
        let waited = entry.is_some();
        discard("a callback's destructor", entry);
        waited
    }
}
