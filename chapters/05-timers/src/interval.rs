//! Again and again, on a grid.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use event_loop::Time;
use polling::{spend, suspended};

use crate::Sleep;
use crate::current::current;

// ANCHOR: missed
/// What to do about missed ticks.
///
/// A tick is missed if the next one is due before it was taken, since the loop or the
/// caller was busy. One that is late by less than a period is not: the grid stays.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
/// use timers::{MissedTickBehavior, interval, sleep};
///
/// timers::block_on(Clock::virtual_time(), async {
///     let mut ticks = interval(Duration::from_secs(2));
///     ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
///     ticks.tick().await;
///     sleep(Duration::from_secs(5)).await; // Two ticks are due meanwhile.
///     assert_eq!(ticks.tick().await, Time::from_secs(2));
///     assert_eq!(ticks.tick().await, Time::from_secs(6)); // That of 4 s is left out.
/// });
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MissedTickBehavior {
    /// They come late, one right after the other, until the grid is reached again.
    #[default]
    Burst,
    /// The next tick is a period after the late one: the grid moves.
    Delay,
    /// They are left out: the next tick is the next of the grid.
    Skip,
}
// ANCHOR_END: missed

/// Ticks every `period`, the first time as soon as it is awaited.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::time::Duration;
///
/// timers::block_on(Clock::virtual_time(), async {
///     let mut every_second = timers::interval(Duration::from_secs(1));
///     assert_eq!(every_second.tick().await, Time::ZERO);
///     assert_eq!(every_second.tick().await, Time::from_secs(1));
/// });
/// ```
///
/// # Panics
///
/// If `period` is zero: nothing else would ever run.
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "an interval needs a period longer than zero"
    );
    Interval {
        location: Location::caller(),
        period,
        next: None,
        missed: MissedTickBehavior::default(),
    }
}

// ANCHOR: struct
/// Ticks on a grid; made by [`interval`].
#[derive(Debug)]
pub struct Interval {
    /// Where it was made, for messages.
    location: &'static Location<'static>,
    period: Duration,
    /// `None` until the first tick sets the grid.
    next: Option<Time>,
    missed: MissedTickBehavior,
}
// ANCHOR_END: struct

impl Interval {
    /// What to do about missed ticks from now on.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timers::{MissedTickBehavior, interval};
    ///
    /// let mut every_second = interval(Duration::from_secs(1));
    /// every_second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    /// ```
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.missed = behavior;
    }

    /// Waits for the next tick, and gives the moment it was due.
    ///
    /// If it is dropped while it waits, no tick is lost.
    ///
    /// # Panics
    ///
    /// When awaited where no loop with timers runs.
    pub fn tick(&mut self) -> Tick<'_> {
        Tick {
            interval: self,
            sleep: None,
        }
    }

    // ANCHOR: after
    /// When the tick after the one of `due` is due, if that was taken at `now`.
    fn after(&self, due: Time, now: Time) -> Time {
        // hole: after — keep to the grid; if it was missed, do as the policy says
        // tried by: ticks, long-work
        // also: timers
        let next = due.saturating_add(self.period);
        if next > now {
            return next;
        }
        match self.missed {
            MissedTickBehavior::Burst => next,
            MissedTickBehavior::Delay => now.saturating_add(self.period),
            MissedTickBehavior::Skip => {
                let into_period = (now - due).as_nanos() % self.period.as_nanos();
                let left = self.period.as_nanos() - into_period;
                now.saturating_add(Duration::from_nanos_u128(left))
            }
        }
        // end hole
    }
    // ANCHOR_END: after
}

/// The future of [`Interval::tick`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
// ANCHOR: tick
pub struct Tick<'i> {
    interval: &'i mut Interval,
    /// Once it was seen that the tick is not due yet.
    sleep: Option<Sleep>,
}
// ANCHOR_END: tick

// ANCHOR: tick-poll
impl Future for Tick<'_> {
    type Output = Time;

    // A panic is blamed on the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Time> {
        let Tick { interval, sleep } = &mut *self;
        let shared = current("interval", interval.location);
        let due = *interval.next.get_or_insert_with(|| shared.now());
        if sleep.is_none() && due > shared.now() {
            *sleep = Some(Sleep::until(due, interval.location));
        }
        match sleep {
            Some(sleep) => ready!(Pin::new(sleep).poll(context)),
            // Ticks that are all late must not keep the others from their turn.
            None if spend(context).is_pending() => {
                suspended(interval.location, "tick");
                return Poll::Pending;
            }
            None => {}
        }
        *sleep = None;
        interval.next = Some(interval.after(due, shared.now()));
        Poll::Ready(due)
    }
}
// ANCHOR_END: tick-poll
