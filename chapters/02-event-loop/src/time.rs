//! Moments, in whole nanoseconds.

use std::fmt;
use std::ops::Sub;
use std::time::Duration;

// ANCHOR: time
/// A moment: how many nanoseconds after the clock's start.
///
/// Whole numbers, since a heap needs a total order, which floating-point numbers do not
/// have, and since sums of whole numbers are exact. 64 bits last 584 years.
///
/// ```
/// use event_loop::Time;
/// use std::time::Duration;
///
/// let noon = Time::from_secs(12 * 3600);
/// assert!(noon > Time::from_nanos(999));
/// assert_eq!(noon - Time::from_secs(3600), Duration::from_secs(11 * 3600));
/// assert_eq!(noon.saturating_add(Duration::MAX), Time::MAX);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);
// ANCHOR_END: time

impl Time {
    /// The clock's start.
    pub const ZERO: Time = Time(0);
    /// The last moment there is: more than 584 years after the start.
    pub const MAX: Time = Time(u64::MAX);

    /// The moment `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Time {
        Time(nanos)
    }

    /// The moment `seconds` seconds after the start.
    ///
    /// # Panics
    ///
    /// If that is past [`Time::MAX`]. For numbers that people type, use [`Time::checked_add`].
    pub const fn from_secs(seconds: u64) -> Time {
        let nanos = seconds.checked_mul(1_000_000_000);
        Time(nanos.expect("a moment within 584 years"))
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whole seconds since the start, rounded down.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// The moment `wait` later, or `None` if that is past [`Time::MAX`].
    ///
    /// ```
    /// use event_loop::Time;
    /// use std::time::Duration;
    ///
    /// assert_eq!(Time::ZERO.checked_add(Duration::from_secs(2)), Some(Time::from_secs(2)));
    /// assert_eq!(Time::ZERO.checked_add(Duration::MAX), None);
    /// ```
    #[inline]
    pub fn checked_add(self, wait: Duration) -> Option<Time> {
        // Not by `as_nanos`: its 128 bits are more than a moment has.
        let seconds = wait.as_secs().checked_mul(1_000_000_000)?;
        let nanos = seconds.checked_add(u64::from(wait.subsec_nanos()))?;
        self.0.checked_add(nanos).map(Time)
    }

    /// The moment `wait` later, or [`Time::MAX`] if that is sooner.
    #[inline]
    pub fn saturating_add(self, wait: Duration) -> Time {
        self.checked_add(wait).unwrap_or(Time::MAX)
    }
}

/// How long after `earlier` this moment is; zero if it is not.
impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Time) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Duration::from_nanos(self.0), f)
    }
}
