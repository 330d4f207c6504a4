//! One at a time.

use std::cell::{Cell, RefCell, RefMut};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::suspended;

use crate::lines::lock_word;
use crate::turns::{Held, Place, Turns};

// ANCHOR: lock
/// A value that one task at a time may use, also across its `.await`s: asyncio's `Lock`,
/// and what it protects. Those who wait get it in the order in which they came.
///
/// It is needed only where a task awaits between a look and a change. Without an `.await`
/// in between no other task can run, and a [`Cell`] or a [`RefCell`] does.
///
/// ```
/// use event_loop::Clock;
/// use std::rc::Rc;
/// use std::time::Duration;
/// use sync::Lock;
/// use task_cell::spawn;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let fares = Rc::new(Lock::new(0));
///     let mut taxis = Vec::new();
///     for fare in [12, 30] {
///         let fares = Rc::clone(&fares);
///         taxis.push(spawn(async move {
///             let mut sum = fares.lock().await;
///             let before = *sum;
///             sleep(Duration::from_secs(1)).await; // the bank is slow
///             *sum = before + fare;
///         }));
///     }
///     for taxi in taxis {
///         taxi.await.unwrap();
///     }
///     assert_eq!(*fares.lock().await, 42);
/// });
/// ```
pub struct Lock<T: ?Sized> {
    turn: Turns,
    /// The line that took it, for whoever waits for ever.
    taken: Cell<Option<&'static Location<'static>>>,
    /// Borrowed by the guard, so nobody else ever finds it borrowed.
    value: RefCell<T>,
}

/// The value of a [`Lock`], for as long as this lives; made by [`Lock::lock`]. Dropping it
/// unlocks, also on unwind.
///
/// ```
/// let lock = sync::Lock::new(41);
/// let mut guard = lock.try_lock().unwrap();
/// *guard += 1;
/// drop(guard);
/// assert_eq!(lock.into_inner(), 42);
/// ```
#[must_use = "the lock is free again when this is dropped"]
pub struct Guard<'a, T: ?Sized> {
    lock: &'a Lock<T>,
    value: RefMut<'a, T>,
    /// Given on last, when the value is not borrowed any more.
    _turn: Held<'a>,
}

/// The future of [`Lock::lock`].
///
/// ```
/// let lock = sync::Lock::new(42);
/// let locking: sync::Locking<'_, u32> = lock.lock();
/// assert_eq!(*polling::spin_on(locking).output, 42);
/// ```
#[must_use = "a future does nothing unless it is awaited"]
pub struct Locking<'a, T: ?Sized> {
    lock: &'a Lock<T>,
    place: Place<'a>,
    location: &'static Location<'static>,
}
// ANCHOR_END: lock

impl<T> Lock<T> {
    /// A lock on `value`.
    pub const fn new(value: T) -> Lock<T> {
        Lock {
            turn: Turns::new(1),
            taken: Cell::new(None),
            value: RefCell::new(value),
        }
    }

    /// The value, which nobody else can use any more.
    ///
    /// ```
    /// assert_eq!(sync::Lock::new(42).into_inner(), 42);
    /// ```
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Lock<T> {
    // ANCHOR: take
    /// Waits until nobody has the lock, and takes it. Dropped while it waits, it leaves the
    /// line; if the lock was on its way to it, the next one gets that.
    ///
    /// A task that holds the lock and waits for it waits for ever. Where nothing else can
    /// happen, the deadlock's message names both lines.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> Locking<'_, T> {
        self.lock_at(Location::caller())
    }

    #[inline]
    pub(crate) fn lock_at(&self, location: &'static Location<'static>) -> Locking<'_, T> {
        Locking {
            lock: self,
            place: Place::new(&self.turn),
            location,
        }
    }

    // ANCHOR_END: take

    // ANCHOR: guard
    /// The guard, if the lock is free: then nobody waits.
    ///
    /// ```
    /// let lock = sync::Lock::new(());
    /// let guard = lock.try_lock();
    /// assert!(guard.is_some() && lock.try_lock().is_none());
    /// ```
    #[inline]
    #[track_caller]
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        let location = Location::caller();
        let taken = self.turn.try_take();
        taken.then(|| self.guard(Held(&self.turn), location))
    }

    #[inline]
    fn guard<'a>(
        &'a self,
        turn: Held<'a>,
        location: &'static Location<'static>,
    ) -> Guard<'a, T> {
        let value = self.value.try_borrow_mut();
        let value = value.expect("two have the lock's one turn");
        self.taken.set(Some(location));
        Guard {
            lock: self,
            value,
            _turn: turn,
        }
    }
    // ANCHOR_END: guard

    /// Whether somebody has it, or was given it.
    ///
    /// ```
    /// let lock = sync::Lock::new(());
    /// let guard = lock.try_lock().unwrap();
    /// assert!(lock.is_locked() && lock.try_lock().is_none());
    /// drop(guard);
    /// assert!(!lock.is_locked());
    /// ```
    pub fn is_locked(&self) -> bool {
        self.turn.free() == 0
    }

    /// The value, without a lock: nobody else can have one.
    ///
    /// ```
    /// let mut lock = sync::Lock::new(41);
    /// *lock.get_mut() += 1;
    /// assert_eq!(lock.into_inner(), 42);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

// ANCHOR: poll
impl<'a, T: ?Sized> Future for Locking<'a, T> {
    type Output = Guard<'a, T>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Guard<'a, T>> {
        let (lock, location) = (self.lock, self.location);
        let turn = self.place.poll(context);
        if turn.is_pending() {
            suspended(location, lock_word(lock.taken.get(), location));
        }
        turn.map(|turn| lock.guard(turn, location))
    }
}
// ANCHOR_END: poll

impl<'a, T: ?Sized> Guard<'a, T> {
    /// The lock that `guard` is of.
    pub(crate) fn lock(guard: &Guard<'a, T>) -> &'a Lock<T> {
        guard.lock
    }
}

impl<T: ?Sized> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.lock.taken.set(None);
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Lock<T> {
        Lock::new(T::default())
    }
}

impl<T: ?Sized> fmt::Debug for Lock<T> {
    /// `Lock free`, `Lock taken in bank.rs:12, 3 waiting`. The value may be in use, and is not looked at.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_locked(), self.taken.get()) {
            (false, _) => f.write_str("Lock free"),
            (true, None) => write!(f, "Lock given, {} waiting", self.turn.waiting()),
            (true, Some(at)) => {
                write!(f, "Lock taken at {at}, {} waiting", self.turn.waiting())
            }
        }
    }
}

impl<T: ?Sized> fmt::Debug for Locking<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locking at {}: {:?}", self.location, self.lock)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guard").field(&&*self.value).finish()
    }
}
