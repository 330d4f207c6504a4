//! How long a loop may go on before it looks at timers and sockets again.

use std::time::{Duration, Instant};

/// How often closing may find that a destructor has spawned or called again.
pub const MOST_ROUNDS: usize = 1000;

/// How many entries of the queue a round has at most, on the wall clock.
const MOST_ENTRIES: u32 = 128;

/// How long a round goes on at most, but for what is under way then.
const LONGEST: Duration = Duration::from_millis(1);

/// How many entries may be dealt with between two looks at the clock.
const SELDOMEST: u32 = 32;

// ANCHOR: limit
/// The end of a round on the wall clock: after 128 entries, or a millisecond.
///
/// Timers that are due wait for the end of the round, so it is bounded by time as well as by
/// count. Looking at the clock costs more than many a poll. So the looks become rare, one
/// in 32 entries, while those are quick; after a slow one each is looked after. The price:
/// the first slow ones after quick ones are found out by one look in 32 entries too, and
/// after a wait by the second one. So the time is kept but for 64 entries, once.
///
/// ```
/// let mut limit = tasks::RoundLimit::default();
/// limit.begin(true);
/// let entries = 1 + (0..1000).take_while(|_| !limit.is_reached()).count();
/// assert!(entries <= 128);
/// ```
#[derive(Debug)]
pub struct RoundLimit {
    /// How many more entries this round may have after the next look.
    entries: u32,
    /// How much more time, by the last look.
    time: Duration,
    /// The clock is looked at once in so many entries: next after `until_look` of them.
    every: u32,
    until_look: u32,
    /// The last look, unless the loop has waited since.
    last: Option<Instant>,
    now: fn() -> Instant,
}
// ANCHOR_END: limit

impl Default for RoundLimit {
    /// No round has begun.
    fn default() -> RoundLimit {
        RoundLimit::by(Instant::now)
    }
}

impl RoundLimit {
    /// As the default, by another clock.
    ///
    /// ```
    /// use std::sync::LazyLock;
    /// use std::time::Instant;
    ///
    /// static NOW: LazyLock<Instant> = LazyLock::new(Instant::now);
    ///
    /// // On a clock that stands still only the count ends a round.
    /// let mut limit = tasks::RoundLimit::by(|| *NOW);
    /// limit.begin(true);
    /// let entries = 1 + (0..1000).take_while(|_| !limit.is_reached()).count();
    /// assert_eq!(entries, 128);
    /// ```
    pub fn by(now: fn() -> Instant) -> RoundLimit {
        RoundLimit {
            entries: MOST_ENTRIES,
            time: LONGEST,
            every: 1,
            until_look: 1,
            last: None,
            now,
        }
    }

    /// A round begins; `waited`: the loop was asleep before it.
    pub fn begin(&mut self, waited: bool) {
        self.entries = MOST_ENTRIES - self.until_look;
        self.time = LONGEST;
        if waited {
            self.last = None;
        }
        // After slow entries each is measured, the first one too.
        if self.every == 1 && self.last.is_none() {
            self.last = Some((self.now)());
        }
    }

    /// One more entry was dealt with: whether the round is over.
    #[inline]
    pub fn is_reached(&mut self) -> bool {
        self.until_look -= 1;
        self.until_look == 0 && self.look()
    }

    // ANCHOR: look
    /// Looks at the clock: how long have those since the last look taken? True if the round
    /// is over.
    #[cold]
    fn look(&mut self) -> bool {
        let now = (self.now)();
        if let Some(last) = self.last.replace(now) {
            let taken = now.saturating_duration_since(last);
            self.time = self.time.saturating_sub(taken);
            // Twice as many would still leave half of the time.
            let quick = taken < LONGEST / 4;
            self.every = if quick {
                SELDOMEST.min(self.every * 2)
            } else {
                1
            };
        }
        let is_over = self.entries == 0 || self.time.is_zero();
        self.until_look = match self.entries {
            0 => self.every,
            // The last look of a round is at its end.
            left => self.every.min(left),
        };
        self.entries = self.entries.saturating_sub(self.until_look);
        is_over
    }
    // ANCHOR_END: look
}
