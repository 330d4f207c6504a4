//! Many who read, or one who writes.
//!
//! A lock in front of the lock: whoever wants in takes the one turn there is at the door, waits there until the value is
//! free for it, and passes the turn on when it is in. So all are served in the order in which they came: readers that
//! follow each other go in together, and no stream of them keeps a writer out.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use polling::suspended;
use wakers::{WaiterKey, Waiters};

use crate::lines::held_word;
use crate::turns::{Held, Place, Turns};

/// A value that many tasks may read at once, or one may change.
///
/// ```
/// use event_loop::Clock;
/// use sync::RwLock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let tariff = RwLock::new(12);
///     let (one, other) = (tariff.read().await, tariff.read().await);
///     assert_eq!(*one + *other, 24);
///     assert!(tariff.try_write().is_none());
///     drop((one, other));
///     *tariff.write().await = 13;
///     assert_eq!(tariff.into_inner(), 13);
/// });
/// ```
pub struct RwLock<T: ?Sized> {
    /// Whose turn it is to go in.
    turn: Turns,
    /// The one at the door, if it has to wait there.
    door: Waiters,
    /// The line that went in when nobody was in, for whoever waits for ever.
    taken: Cell<Option<&'static Location<'static>>>,
    /// Borrowed by the guards.
    value: RefCell<T>,
}

/// The value of an [`RwLock`], to be read; made by [`RwLock::read`].
#[must_use = "the lock is free again when this is dropped"]
pub struct ReadGuard<'a, T: ?Sized> {
    value: Ref<'a, T>,
    /// When the value is not borrowed any more.
    _leave: Leave<'a, T>,
}

/// The value of an [`RwLock`], to be changed; made by [`RwLock::write`].
#[must_use = "the lock is free again when this is dropped"]
pub struct WriteGuard<'a, T: ?Sized> {
    value: RefMut<'a, T>,
    _leave: Leave<'a, T>,
}

/// Somebody who was in goes out.
struct Leave<'a, T: ?Sized>(&'a RwLock<T>);

/// Somebody who wants in: gives `B`, a borrow of the value.
struct Enter<'a, T: ?Sized, B> {
    lock: &'a RwLock<T>,
    borrow: fn(&'a RefCell<T>) -> Option<B>,
    place: Place<'a>,
    /// At the door: until it is in.
    turn: Option<Held<'a>>,
    key: WaiterKey,
    /// What it waits for, and what is said of that while somebody is in.
    why: (&'static str, &'static str),
    location: &'static Location<'static>,
}

impl<T> RwLock<T> {
    /// A lock on `value`.
    pub const fn new(value: T) -> RwLock<T> {
        RwLock {
            turn: Turns::new(1),
            door: Waiters::new(),
            taken: Cell::new(None),
            value: RefCell::new(value),
        }
    }

    /// The value, which nobody else can use any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until nobody writes, and those who came before are in. Dropped before that, it lets the next one in.
    ///
    /// A task that reads, and asks to read again while somebody waits to write, waits for ever; so does one that reads and
    /// asks to write. Where nothing else can happen, the deadlock's message names the line that went in and the one that
    /// waits.
    #[track_caller]
    pub fn read(&self) -> impl Future<Output = ReadGuard<'_, T>> {
        let borrow = |value| RefCell::try_borrow(value).ok();
        let enter =
            self.enter(borrow, ("read lock", "read lock held"), Location::caller());
        async move {
            let (value, _leave) = enter.await;
            ReadGuard { value, _leave }
        }
    }

    /// Waits until nobody reads or writes, and those who came before have been in. Dropped before that, it lets the next
    /// one in.
    #[track_caller]
    pub fn write(&self) -> impl Future<Output = WriteGuard<'_, T>> {
        let borrow = |value| RefCell::try_borrow_mut(value).ok();
        let enter = self.enter(
            borrow,
            ("write lock", "write lock held"),
            Location::caller(),
        );
        async move {
            let (value, _leave) = enter.await;
            WriteGuard { value, _leave }
        }
    }

    fn enter<'a, B>(
        &'a self,
        borrow: fn(&'a RefCell<T>) -> Option<B>,
        why: (&'static str, &'static str),
        location: &'static Location<'static>,
    ) -> Enter<'a, T, B> {
        Enter {
            lock: self,
            borrow,
            place: Place::new(&self.turn),
            turn: None,
            key: WaiterKey::default(),
            why,
            location,
        }
    }

    /// A guard to read, if nobody writes or waits.
    ///
    /// ```
    /// let tariff = sync::RwLock::new(12);
    /// let reads = tariff.try_read().unwrap();
    /// assert!(tariff.try_read().is_some() && tariff.try_write().is_none());
    /// assert_eq!(*reads, 12);
    /// ```
    #[track_caller]
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        let _turn = self.turn.try_take().then(|| Held(&self.turn))?;
        let value = self.value.try_borrow().ok()?;
        let _leave = self.entered(Location::caller());
        Some(ReadGuard { value, _leave })
    }

    /// A guard to write, if nobody reads, writes or waits.
    #[track_caller]
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        let _turn = self.turn.try_take().then(|| Held(&self.turn))?;
        let value = self.value.try_borrow_mut().ok()?;
        let _leave = self.entered(Location::caller());
        Some(WriteGuard { value, _leave })
    }

    /// Somebody is in.
    fn entered(&self, location: &'static Location<'static>) -> Leave<'_, T> {
        let first = self.taken.get().unwrap_or(location);
        self.taken.set(Some(first));
        Leave(self)
    }
}

impl<'a, T: ?Sized, B> Enter<'a, T, B> {
    /// Waits for the turn, and at the door.
    fn poll_in(&mut self, context: &mut Context<'_>) -> Poll<B> {
        if self.turn.is_none() {
            self.turn = Some(ready!(self.place.poll(context)));
        }
        let borrow = || (self.borrow)(&self.lock.value);
        if let Some(value) = borrow() {
            return Poll::Ready(value);
        }
        self.lock.door.register(&mut self.key, context.waker());
        // Asked again: what was foreign in that may have left.
        borrow().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<'a, T: ?Sized, B> Future for Enter<'a, T, B> {
    type Output = (B, Leave<'a, T>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Poll::Ready(value) = self.poll_in(context) else {
            let word = held_word(self.why, self.lock.taken.get(), self.location);
            suspended(self.location, word);
            return Poll::Pending;
        };
        let leave = self.lock.entered(self.location);
        // It is in: the next one may come to the door.
        drop(self.turn.take());
        Poll::Ready((value, leave))
    }
}

impl<T: ?Sized, B> Drop for Enter<'_, T, B> {
    fn drop(&mut self) {
        // Before the turn goes to the next one, who waits at the same door.
        self.lock.door.cancel(&mut self.key);
    }
}

impl<T: ?Sized> Drop for Leave<'_, T> {
    fn drop(&mut self) {
        // While others read, the one at the door is a writer, and has to wait on.
        if self.0.value.try_borrow_mut().is_ok() {
            self.0.taken.set(None);
            self.0.door.wake_one();
        }
    }
}

impl<T: ?Sized> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    /// `RwLock free`, `RwLock in use`. The value may be, and is not looked at.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.value.try_borrow_mut() {
            Ok(_) => "RwLock free",
            Err(_) => "RwLock in use",
        })
    }
}
