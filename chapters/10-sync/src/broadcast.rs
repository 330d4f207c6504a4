//! Every value, for all who receive: who is too slow is told how many were missed.
//!
//! ```
//! use event_loop::Clock;
//! use sync::broadcast::{self, RecvError};
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let (radio, mut fast) = broadcast::channel(2);
//!     let mut slow = radio.subscribe();
//!     for call in ["Main Street", "Market", "Station"] {
//!         radio.send(call).unwrap();
//!         assert_eq!(fast.recv().await, Ok(call));
//!     }
//!     assert_eq!(slow.recv().await, Err(RecvError::Lagged(1)));
//!     assert_eq!(slow.recv().await, Ok("Market"));
//!     drop(radio);
//!     assert_eq!(slow.recv().await, Ok("Station"));
//!     assert_eq!(slow.recv().await, Err(RecvError::Closed));
//! });
//! ```

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use polling::{spend, suspended};
use wakers::{WaiterKey, Waiters, contained};

use crate::closed::Closed;

/// A channel that keeps the last `capacity` values for receivers that have not received them.
///
/// ```
/// let (radio, mut taxi) = sync::broadcast::channel(16);
/// assert_eq!(radio.send("Main Street"), Ok(1));
/// assert_eq!(taxi.try_recv(), Ok("Main Street"));
/// ```
///
/// # Panics
///
/// If `capacity` is zero.
#[track_caller]
pub fn channel<T: Clone>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(
        capacity > 0,
        "a broadcast that keeps nothing reaches nobody: keep one value or more"
    );
    let band = Rc::new(Band {
        sent: RefCell::default(),
        capacity,
        senders: Cell::new(1),
        receivers: Cell::new(0),
        waiters: Waiters::new(),
    });
    let receiver = Receiver::new(&band);
    (Sender(band), receiver)
}

struct Band<T> {
    sent: RefCell<Sent<T>>,
    capacity: usize,
    senders: Cell<usize>,
    receivers: Cell<usize>,
    waiters: Waiters,
}

/// What was sent and not received by all.
struct Sent<T> {
    values: VecDeque<Value<T>>,
    /// The number of the first.
    first: u64,
}

struct Value<T> {
    value: Rc<T>,
    /// How many have not received it.
    left: usize,
}

/// Sends values to all receivers; made by [`channel`].
pub struct Sender<T: Clone>(Rc<Band<T>>);

/// Receives every value that is sent from now on; made by [`channel`].
pub struct Receiver<T: Clone> {
    band: Rc<Band<T>>,
    /// The number of the next value.
    next: u64,
}

/// Why no value was received.
///
/// ```
/// use sync::broadcast::RecvError;
///
/// assert_eq!(RecvError::Lagged(3).to_string(), "3 values were missed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecvError {
    /// So many values are gone, since more were sent than are kept. The next is the oldest that is still there.
    Lagged(u64),
    /// All was received, and there is no sender any more.
    Closed,
}

/// Why no value was received at once.
///
/// ```
/// use sync::broadcast::{self, TryRecvError};
///
/// let (_radio, mut taxi) = broadcast::channel::<&str>(1);
/// assert_eq!(taxi.try_recv(), Err(TryRecvError::Empty));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryRecvError {
    /// There is none yet.
    Empty,
    /// So many values are gone.
    Lagged(u64),
    /// There is no sender any more.
    Closed,
}

/// The future of [`Receiver::recv`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Recv<'a, T: Clone> {
    receiver: &'a mut Receiver<T>,
    key: WaiterKey,
    location: &'static Location<'static>,
}

impl<T> Default for Sent<T> {
    fn default() -> Sent<T> {
        Sent {
            values: VecDeque::new(),
            first: 0,
        }
    }
}

impl<T> Sent<T> {
    /// The number of the value that is sent next.
    fn end(&self) -> u64 {
        self.first + self.values.len() as u64
    }

    fn pop(&mut self) -> Option<Value<T>> {
        let value = self.values.pop_front()?;
        self.first += 1;
        Some(value)
    }

    /// The value of a number that is not below `first`, for one receiver; and the value if that was the last one.
    fn receive(&mut self, number: u64) -> Option<(Rc<T>, Option<Value<T>>)> {
        let value = self.values.get_mut((number - self.first) as usize)?;
        value.left -= 1;
        let (received, is_last) = (Rc::clone(&value.value), value.left == 0);
        // All before it were received by all, too.
        Some((received, if is_last { self.pop() } else { None }))
    }
}

impl<T: Clone> Sender<T> {
    /// Sends `value` to all who receive now, and says how many these are. It does not wait: if as many are kept as there
    /// is room for, the oldest is gone.
    ///
    /// # Errors
    ///
    /// If nobody receives: `value` comes back.
    pub fn send(&self, value: T) -> Result<usize, Closed<T>> {
        let band = &*self.0;
        let left = band.receivers.get();
        if left == 0 {
            return Err(Closed(value));
        }
        let value = Rc::new(value);
        let mut sent = band.sent.borrow_mut();
        let is_full = sent.values.len() == band.capacity;
        let oldest = if is_full { sent.pop() } else { None };
        sent.values.push_back(Value { value, left });
        drop(sent);
        band.waiters.wake_all();
        contained("a value", || drop(oldest));
        Ok(left)
    }

    /// One more receiver, of what is sent from now on.
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(&self.0)
    }

    /// How many receive.
    pub fn receiver_count(&self) -> usize {
        self.0.receivers.get()
    }
}

impl<T: Clone> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.0.senders.set(self.0.senders.get() + 1);
        Sender(Rc::clone(&self.0))
    }
}

impl<T: Clone> Drop for Sender<T> {
    fn drop(&mut self) {
        let left = self.0.senders.get() - 1;
        self.0.senders.set(left);
        if left == 0 {
            self.0.waiters.wake_all();
        }
    }
}

impl<T: Clone> Receiver<T> {
    fn new(band: &Rc<Band<T>>) -> Receiver<T> {
        band.receivers.set(band.receivers.get() + 1);
        Receiver {
            band: Rc::clone(band),
            next: band.sent.borrow().end(),
        }
    }

    /// The next value, when there is one. Dropped before that, it has received nothing.
    ///
    /// # Errors
    ///
    /// If values were missed; or all was received, and there is no sender any more.
    #[track_caller]
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv {
            receiver: self,
            key: WaiterKey::default(),
            location: Location::caller(),
        }
    }

    /// The next value, if there is one.
    ///
    /// # Errors
    ///
    /// If there is none yet, values were missed, or none will come any more.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let mut sent = self.band.sent.borrow_mut();
        if self.next < sent.first {
            let missed = sent.first - self.next;
            self.next = sent.first;
            return Err(TryRecvError::Lagged(missed));
        }
        let Some((value, last)) = sent.receive(self.next) else {
            return Err(match self.band.senders.get() {
                0 => TryRecvError::Closed,
                _ => TryRecvError::Empty,
            });
        };
        self.next += 1;
        // To clone a value, or drop it, is foreign code.
        drop(sent);
        drop(last);
        Ok(Rc::unwrap_or_clone(value))
    }

    /// Whether `try_recv` would say that there is nothing yet.
    fn waits(&self) -> bool {
        let is_at_end = self.next == self.band.sent.borrow().end();
        is_at_end && self.band.senders.get() > 0
    }
}

impl<T: Clone> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.band.receivers.set(self.band.receivers.get() - 1);
        let mut sent = self.band.sent.borrow_mut();
        let mut dropped = Vec::new();
        for number in self.next.max(sent.first)..sent.end() {
            dropped.push(sent.receive(number));
        }
        drop(sent);
        for value in dropped {
            contained("a value", || drop(value));
        }
    }
}

impl<T: Clone> Future for Recv<'_, T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.receiver.waits() {
            let Recv { receiver, key, .. } = &mut *self;
            receiver.band.waiters.register(key, context.waker());
        }
        // Looked at after it is registered: what was foreign in that may have sent.
        if self.receiver.waits() || spend(context).is_pending() {
            suspended(self.location, "broadcast");
            return Poll::Pending;
        }
        Poll::Ready(self.receiver.try_recv().map_err(|error| match error {
            TryRecvError::Lagged(missed) => RecvError::Lagged(missed),
            TryRecvError::Closed | TryRecvError::Empty => RecvError::Closed,
        }))
    }
}

impl<T: Clone> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        self.receiver.band.waiters.cancel(&mut self.key);
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecvError::Lagged(missed) => write!(f, "{missed} values were missed"),
            RecvError::Closed => f.write_str("it is closed"),
        }
    }
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TryRecvError::Empty => f.write_str("it is empty"),
            TryRecvError::Lagged(missed) => RecvError::Lagged(*missed).fmt(f),
            TryRecvError::Closed => RecvError::Closed.fmt(f),
        }
    }
}

impl std::error::Error for RecvError {}

impl std::error::Error for TryRecvError {}

impl<T: Clone> fmt::Debug for Sender<T> {
    /// `Sender to 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender to {}", self.receiver_count())
    }
}

impl<T: Clone> fmt::Debug for Receiver<T> {
    /// `Receiver, 2 to receive`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.band.sent.borrow().end() - self.next;
        write!(f, "Receiver, {left} to receive")
    }
}
