//! The latest value, for all who look: who is slow misses what came in between.
//!
//! ```
//! use event_loop::Clock;
//! use sync::watch;
//! use task_cell::spawn;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let (tariff, mut posted) = watch::channel(12);
//!     let taxi = spawn(async move {
//!         let mut seen = Vec::new();
//!         while posted.changed().await.is_ok() {
//!             seen.push(*posted.get());
//!         }
//!         seen
//!     });
//!     for price in [13, 14] {
//!         tariff.send(price).unwrap(); // Nobody looks in between.
//!     }
//!     polling::yield_now().await;
//!     polling::yield_now().await;
//!     tariff.send(15).unwrap();
//!     drop(tariff);
//!     assert_eq!(taxi.await.unwrap(), [14, 15]);
//! });
//! ```

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use polling::{spend, suspended};
use wakers::{WaiterKey, Waiters, contained};

use crate::closed::Closed;

/// A channel that keeps one value: the latest, at first `value`.
///
/// ```
/// let (tariff, posted) = sync::watch::channel(12);
/// assert_eq!(*posted.get(), 12);
/// tariff.send(13).unwrap();
/// assert_eq!(*posted.get(), 13);
/// ```
pub fn channel<T>(value: T) -> (Sender<T>, Receiver<T>) {
    let board = Rc::new(Board {
        latest: RefCell::new(Rc::new(value)),
        version: Cell::new(0),
        is_closed: Cell::new(false),
        receivers: Cell::new(0),
        waiters: Waiters::new(),
    });
    let receiver = Receiver::new(&board);
    (Sender(board), receiver)
}

struct Board<T> {
    latest: RefCell<Rc<T>>,
    /// How often it was changed.
    version: Cell<u64>,
    /// The sender is gone.
    is_closed: Cell<bool>,
    receivers: Cell<usize>,
    waiters: Waiters,
}

/// Changes the value; made by [`channel`].
pub struct Sender<T>(Rc<Board<T>>);

/// Sees the value; made by [`channel`]. A clone has seen what this one has.
pub struct Receiver<T> {
    board: Rc<Board<T>>,
    /// The version that was seen last.
    seen: u64,
}

/// The future of [`Receiver::changed`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Changed<'a, T> {
    receiver: &'a mut Receiver<T>,
    key: WaiterKey,
    location: &'static Location<'static>,
}

impl<T> Board<T> {
    fn get(&self) -> Rc<T> {
        Rc::clone(&self.latest.borrow())
    }
}

impl<T> Sender<T> {
    /// Puts `value` in the place of the one before. Those who wait go on.
    ///
    /// # Errors
    ///
    /// If there is no receiver: `value` comes back, and the one before stays.
    pub fn send(&self, value: T) -> Result<(), Closed<T>> {
        if self.0.receivers.get() == 0 {
            return Err(Closed(value));
        }
        let before = self.send_replace(value);
        contained("a value", || drop(before));
        Ok(())
    }

    /// Puts `value` in, also if nobody receives, and gives the one before.
    ///
    /// ```
    /// let (tariff, posted) = sync::watch::channel(12);
    /// drop(posted);
    /// assert!(tariff.send(13).is_err());
    /// assert_eq!(*tariff.send_replace(13), 12);
    /// assert_eq!(*tariff.subscribe().get(), 13);
    /// ```
    pub fn send_replace(&self, value: T) -> Rc<T> {
        let before = self.0.latest.replace(Rc::new(value));
        self.0.version.set(self.0.version.get() + 1);
        self.0.waiters.wake_all();
        before
    }

    /// The latest value.
    pub fn get(&self) -> Rc<T> {
        self.0.get()
    }

    /// One more receiver. It has seen the present value.
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(&self.0)
    }

    /// How many receive.
    pub fn receiver_count(&self) -> usize {
        self.0.receivers.get()
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.is_closed.set(true);
        self.0.waiters.wake_all();
    }
}

impl<T> Receiver<T> {
    fn new(board: &Rc<Board<T>>) -> Receiver<T> {
        board.receivers.set(board.receivers.get() + 1);
        Receiver {
            board: Rc::clone(board),
            seen: board.version.get(),
        }
    }

    /// The latest value. It does not count as seen.
    pub fn get(&self) -> Rc<T> {
        self.board.get()
    }

    /// The latest value, which counts as seen.
    ///
    /// ```
    /// let (tariff, mut posted) = sync::watch::channel(12);
    /// tariff.send(13).unwrap();
    /// assert!(posted.has_changed());
    /// assert_eq!(*posted.get_and_update(), 13);
    /// assert!(!posted.has_changed());
    /// ```
    pub fn get_and_update(&mut self) -> Rc<T> {
        self.seen = self.board.version.get();
        self.get()
    }

    /// Whether there is a value that was not seen.
    pub fn has_changed(&self) -> bool {
        self.seen != self.board.version.get()
    }

    /// Waits until there is a value that was not seen, which counts as seen from then on.
    ///
    /// # Errors
    ///
    /// If the sender is gone, and the last value was seen.
    #[track_caller]
    pub fn changed(&mut self) -> Changed<'_, T> {
        Changed {
            receiver: self,
            key: WaiterKey::default(),
            location: Location::caller(),
        }
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Receiver<T> {
        let mut clone = Receiver::new(&self.board);
        clone.seen = self.seen;
        clone
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.board.receivers.set(self.board.receivers.get() - 1);
    }
}

impl<T> Changed<'_, T> {
    fn is_over(&self) -> bool {
        self.receiver.has_changed() || self.receiver.board.is_closed.get()
    }
}

impl<T> Future for Changed<'_, T> {
    type Output = Result<(), Closed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.is_over() {
            let Changed { receiver, key, .. } = &mut *self;
            receiver.board.waiters.register(key, context.waker());
        }
        // Looked at after it is registered: what was foreign in that may have sent.
        if !self.is_over() || spend(context).is_pending() {
            suspended(self.location, "watch");
            return Poll::Pending;
        }
        if !self.receiver.has_changed() {
            return Poll::Ready(Err(Closed(())));
        }
        self.receiver.seen = self.receiver.board.version.get();
        Poll::Ready(Ok(()))
    }
}

impl<T> Drop for Changed<'_, T> {
    fn drop(&mut self) {
        self.receiver.board.waiters.cancel(&mut self.key);
    }
}

impl<T: fmt::Debug> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender, latest={:?}", self.get())
    }
}

impl<T: fmt::Debug> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver, latest={:?}", self.get())
    }
}
