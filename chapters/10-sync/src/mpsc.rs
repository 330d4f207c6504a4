//! Many who send, one who receives: a queue that closes by itself.
//!
//! It is a [`Queue`] with two kinds of ends. When the last [`Sender`] is gone the receiver gets what is
//! left, and then the end; when the [`Receiver`] is gone nothing can be sent any more.
//!
//! ```
//! use event_loop::Clock;
//! use sync::mpsc;
//! use task_cell::spawn;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let (calls, mut desk) = mpsc::bounded(2);
//!     for street in ["Main Street", "Market", "Station"] {
//!         let calls = calls.clone();
//!         spawn(async move { calls.send(street).await.unwrap() });
//!     }
//!     drop(calls);
//!     let mut served = Vec::new();
//!     while let Some(street) = desk.recv().await {
//!         served.push(street);
//!     }
//!     assert_eq!(served, ["Main Street", "Market", "Station"]);
//! });
//! ```

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::Stream;
use wakers::{WaiterKey, contained};

use crate::closed::{TryGetError, TryPutError};
use crate::queue::{Put, Queue};

/// A channel with room for `capacity` values: sending waits while it is full.
///
/// ```
/// let (calls, mut desk) = sync::mpsc::bounded(1);
/// calls.try_send("Main Street").unwrap();
/// assert!(calls.try_send("Market").is_err());
/// assert_eq!(desk.try_recv(), Ok("Main Street"));
/// ```
///
/// # Panics
///
/// If `capacity` is zero.
#[track_caller]
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    channel(Queue::bounded(capacity), Location::caller())
}

/// A channel in which there is always room. Nothing slows down who sends: what is not received takes memory.
///
/// ```
/// let (calls, mut desk) = sync::mpsc::unbounded();
/// calls.try_send("Main Street").unwrap();
/// drop(calls);
/// polling::spin_on(async {
///     assert_eq!(desk.recv().await, Some("Main Street"));
///     assert_eq!(desk.recv().await, None);
/// });
/// ```
#[track_caller]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    channel(Queue::unbounded(), Location::caller())
}

fn channel<T>(
    queue: Queue<T>,
    made: &'static Location<'static>,
) -> (Sender<T>, Receiver<T>) {
    let line = Rc::new(Line {
        queue,
        senders: Cell::new(1),
    });
    let receiver = Receiver {
        line: Rc::clone(&line),
        key: WaiterKey::default(),
        made,
    };
    (Sender(line), receiver)
}

struct Line<T> {
    queue: Queue<T>,
    senders: Cell<usize>,
}

/// Sends values; made by [`bounded`]. Clones send to the same receiver.
pub struct Sender<T>(Rc<Line<T>>);

/// Receives the values in the order in which they were sent; made by [`bounded`]. It is also a
/// [`Stream`].
///
/// Dropping it closes the channel and drops what is left.
pub struct Receiver<T> {
    line: Rc<Line<T>>,
    /// While it waits.
    key: WaiterKey,
    made: &'static Location<'static>,
}

/// The future of [`Receiver::recv`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Recv<'a, T> {
    receiver: &'a mut Receiver<T>,
    location: &'static Location<'static>,
}

impl<T> Sender<T> {
    /// Sends `value` when there is room. Dropped before that, it has sent nothing.
    ///
    /// # Errors
    ///
    /// If the receiver is gone, or has closed the channel: `value` comes back.
    #[track_caller]
    pub fn send(&self, value: T) -> Put<'_, T> {
        self.0.queue.put_as("send", value, Location::caller())
    }

    /// Sends `value` at once.
    ///
    /// # Errors
    ///
    /// If there is no room, or others wait for it, or the receiver is gone.
    pub fn try_send(&self, value: T) -> Result<(), TryPutError<T>> {
        self.0.queue.try_put(value)
    }

    /// Whether nothing can be sent any more.
    pub fn is_closed(&self) -> bool {
        self.0.queue.is_closed()
    }

    /// How many values were sent and not received.
    pub fn len(&self) -> usize {
        self.0.queue.len()
    }

    /// Whether everything that was sent was received.
    pub fn is_empty(&self) -> bool {
        self.0.queue.is_empty()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.0.senders.set(self.0.senders.get() + 1);
        Sender(Rc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let left = self.0.senders.get() - 1;
        self.0.senders.set(left);
        if left == 0 {
            self.0.queue.close();
        }
    }
}

impl<T> Receiver<T> {
    /// The next value, when there is one; `None` when all was received and nothing will be sent any more. Dropped before
    /// that, it has received nothing.
    #[track_caller]
    pub fn recv(&mut self) -> Recv<'_, T> {
        Recv {
            receiver: self,
            location: Location::caller(),
        }
    }

    /// The next value, if there is one.
    ///
    /// # Errors
    ///
    /// If there is none yet, or none will come any more.
    pub fn try_recv(&mut self) -> Result<T, TryGetError> {
        // As a stream it may be in the line itself: what is on its way to it is what is asked for.
        self.leave();
        self.line.queue.try_get()
    }

    /// Nothing can be sent any more. What was sent before is still received.
    ///
    /// ```
    /// let (calls, mut desk) = sync::mpsc::unbounded();
    /// calls.try_send("Main Street").unwrap();
    /// desk.close();
    /// assert!(calls.is_closed() && calls.try_send("Market").is_err());
    /// assert_eq!(desk.try_recv(), Ok("Main Street"));
    /// assert_eq!(desk.try_recv(), Err(sync::TryGetError::Closed));
    /// ```
    pub fn close(&mut self) {
        self.line.queue.close();
    }

    fn poll_recv(
        &mut self,
        context: &mut Context<'_>,
        location: &'static Location<'static>,
    ) -> Poll<Option<T>> {
        let Receiver { line, key, .. } = self;
        let received = line.queue.poll_get(key, context, "recv", location);
        received.map(Result::ok)
    }

    fn leave(&mut self) {
        self.line.queue.leave_get(&mut self.key);
    }
}

impl<T> Future for Recv<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let location = self.location;
        self.receiver.poll_recv(context, location)
    }
}

impl<T> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        self.receiver.leave();
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let made = self.made;
        self.poll_recv(context, made)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.line.queue.len(), None)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.leave();
        for value in self.line.queue.close_now() {
            contained("a value", || drop(value));
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender of {:?}", self.0.queue)
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver of {:?}", self.line.queue)
    }
}
