//! A given number at a time.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::suspended;

use crate::turns::{Held, Place, Turns};

// ANCHOR: semaphore
/// A number of permits: whoever finds none waits until one is given back, in the order in
/// which they came.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::rc::Rc;
/// use std::time::Duration;
/// use sync::Semaphore;
/// use task_cell::spawn;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let places = Rc::new(Semaphore::new(2));
///     let mut taxis = Vec::new();
///     for _ in 0..4 {
///         let places = Rc::clone(&places);
///         taxis.push(spawn(async move {
///             let _place = places.acquire().await;
///             sleep(Duration::from_secs(5)).await; // charging
///         }));
///     }
///     for taxi in taxis {
///         taxi.await.unwrap();
///     }
///     assert_eq!(now(), Time::from_secs(10)); // two, and two more
///     assert_eq!(places.available(), 2);
/// });
/// ```
#[derive(Debug)]
pub struct Semaphore {
    turns: Turns,
}

/// Permission to go on; made by [`Semaphore::acquire`]. Dropping it gives it back, also on
/// unwind.
///
/// ```
/// let gate = sync::Semaphore::new(2);
/// let permit = gate.try_acquire().unwrap();
/// gate.try_acquire().unwrap().forget(); // for good
/// assert_eq!(gate.available(), 0);
/// drop(permit);
/// assert_eq!(gate.available(), 1);
/// ```
#[derive(Debug)]
#[must_use = "the permit is given back when this is dropped"]
pub struct Permit<'a> {
    _turn: Held<'a>,
}

/// The future of [`Semaphore::acquire`].
///
/// ```
/// let gate = sync::Semaphore::new(1);
/// let acquire: sync::Acquire<'_> = gate.acquire();
/// let _permit = polling::spin_on(acquire).output;
/// assert_eq!(gate.available(), 0);
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Acquire<'a> {
    place: Place<'a>,
    location: &'static Location<'static>,
}
// ANCHOR_END: semaphore

impl Semaphore {
    // ANCHOR: acquire
    /// A semaphore that has `permits` of them.
    pub const fn new(permits: usize) -> Semaphore {
        Semaphore {
            turns: Turns::new(permits),
        }
    }

    /// Waits for a permit. Dropped while it waits, it leaves the line; if a permit was on its
    /// way to it, the next one gets that.
    #[inline]
    #[track_caller]
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire {
            place: Place::new(&self.turns),
            location: Location::caller(),
        }
    }

    /// A permit, if one is free: then nobody waits.
    #[inline]
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        self.turns.try_take().then(|| Permit {
            _turn: Held(&self.turns),
        })
    }
    // ANCHOR_END: acquire

    /// How many permits nobody has. One that was given to somebody who has not run since is not among them.
    pub fn available(&self) -> usize {
        self.turns.free()
    }

    /// Makes `more` permits: the first who wait get them.
    ///
    /// ```
    /// let gate = sync::Semaphore::new(0);
    /// assert!(gate.try_acquire().is_none());
    /// gate.add(1);
    /// gate.try_acquire().unwrap().forget(); // for good
    /// assert_eq!(gate.available(), 0);
    /// ```
    ///
    /// # Panics
    ///
    /// If there would be more than `usize::MAX` of them free.
    #[track_caller]
    pub fn add(&self, more: usize) {
        let fits = self.available().checked_add(more).is_some();
        assert!(
            fits,
            "more permits than a number can count: add() no more than are missing"
        );
        self.turns.add(more);
    }
}

impl Permit<'_> {
    /// Does not give it back: from now on there is one less.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

// ANCHOR: poll
impl<'a> Future for Acquire<'a> {
    type Output = Permit<'a>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Permit<'a>> {
        let held = self.place.poll(context);
        if held.is_pending() {
            suspended(self.location, "semaphore");
        }
        held.map(|_turn| Permit { _turn })
    }
}
// ANCHOR_END: poll
