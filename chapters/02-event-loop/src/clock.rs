//! What time it is: on the wall, or as we say.

use std::thread;
use std::time::Instant;

use crate::Time;

// ANCHOR: clock
/// A clock, which starts at [`Time::ZERO`] when it is made.
///
/// ```
/// use event_loop::{Clock, Time};
///
/// let mut clock = Clock::virtual_time();
/// clock.wait_until(Time::from_secs(3600)); // takes no time
/// assert_eq!(clock.now(), Time::from_secs(3600));
/// clock.wait_until(Time::ZERO);
/// assert_eq!(clock.now(), Time::from_secs(3600));
/// assert!(!Clock::real().is_virtual());
/// ```
#[derive(Debug, Clone)]
pub enum Clock {
    /// Stands still while code runs, and jumps when somebody waits.
    Virtual(Time),
    /// Runs by itself. Holds the moment it started.
    Real(Instant),
}
// ANCHOR_END: clock

impl Clock {
    /// A clock on which waiting takes no time, and every run takes the same time.
    pub fn virtual_time() -> Clock {
        Clock::Virtual(Time::ZERO)
    }

    /// The wall clock.
    pub fn real() -> Clock {
        Clock::Real(Instant::now())
    }

    /// Whether it is a virtual one.
    pub fn is_virtual(&self) -> bool {
        matches!(self, Clock::Virtual(_))
    }

    // ANCHOR: wait
    /// How long it has run.
    #[inline]
    pub fn now(&self) -> Time {
        match self {
            Clock::Virtual(now) => *now,
            Clock::Real(start) => Time::ZERO.saturating_add(start.elapsed()),
        }
    }

    /// Waits until `deadline`: by a jump, or by blocking this thread. A deadline that has
    /// passed is no reason to wait, and never turns the clock back.
    pub fn wait_until(&mut self, deadline: Time) {
        match self {
            Clock::Virtual(now) => {
                *now = deadline.max(*now);
                trace::jumped(now.as_nanos());
            }
            Clock::Real(_) => {
                let _traced = trace::parked(Some(deadline - self.now()));
                // Never trust a sleep for how long it was: the clock decides.
                while self.now() < deadline {
                    thread::sleep(deadline - self.now());
                }
            }
        }
    }
    // ANCHOR_END: wait
}
