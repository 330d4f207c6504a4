//! One value, from one task to another.
//!
//! ```
//! use event_loop::Clock;
//! use sync::oneshot;
//! use task_cell::spawn;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let (reply, answer) = oneshot::channel();
//!     spawn(async move { reply.send("Main Street").unwrap() });
//!     assert_eq!(answer.await, Ok("Main Street"));
//! });
//! ```

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use polling::{awaited_at, spend, suspended};
use wakers::contained;

use crate::closed::{Closed, TryGetError};
use crate::slot::Slot;

/// A channel for one value: whoever has the [`Sender`] sends it, awaiting the [`Receiver`] gives it.
///
/// ```
/// let (reply, mut answer) = sync::oneshot::channel();
/// assert_eq!(answer.try_recv(), Err(sync::TryGetError::Empty));
/// reply.send(7).unwrap();
/// assert_eq!(answer.try_recv(), Ok(7));
/// ```
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let line = Rc::new(Line {
        value: Cell::new(None),
        is_hung_up: Cell::new(false),
        is_closed: Cell::new(false),
        receiver: Slot::default(),
        sender: Slot::default(),
    });
    let made = Location::caller();
    (Sender(Rc::clone(&line)), Receiver { line, made })
}

struct Line<T> {
    value: Cell<Option<T>>,
    /// The sender is gone.
    is_hung_up: Cell<bool>,
    /// The receiver takes nothing any more.
    is_closed: Cell<bool>,
    receiver: Slot,
    sender: Slot,
}

/// Sends the value; made by [`channel`]. Dropping it without a word tells the receiver that none will come.
pub struct Sender<T>(Rc<Line<T>>);

/// Awaiting it gives the value, or [`Closed`] if the sender went away without one; made by [`channel`].
///
/// It can be lent, `(&mut answer).await`: what is dropped half-way loses nothing.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Receiver<T> {
    line: Rc<Line<T>>,
    made: &'static Location<'static>,
}

/// The future of [`Sender::closed`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct WaitClosed<'a, T> {
    line: &'a Line<T>,
    location: &'static Location<'static>,
}

impl<T> Sender<T> {
    /// Sends `value`, without waiting.
    ///
    /// # Errors
    ///
    /// If the receiver takes nothing any more: `value` comes back.
    pub fn send(self, value: T) -> Result<(), Closed<T>> {
        if self.is_closed() {
            return Err(Closed(value));
        }
        self.0.value.set(Some(value));
        // Dropping the sender wakes.
        Ok(())
    }

    /// Whether the receiver takes nothing any more.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }

    /// Waits until the receiver takes nothing any more: whatever is being made for it is not needed.
    ///
    /// ```
    /// let (mut reply, answer) = sync::oneshot::channel::<u32>();
    /// drop(answer);
    /// polling::spin_on(reply.closed());
    /// assert_eq!(reply.send(7), Err(sync::Closed(7)));
    /// ```
    #[track_caller]
    pub fn closed(&mut self) -> WaitClosed<'_, T> {
        WaitClosed {
            line: &self.0,
            location: Location::caller(),
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.is_hung_up.set(true);
        self.0.receiver.wake();
    }
}

impl<T> Receiver<T> {
    /// The value, if it is there.
    ///
    /// # Errors
    ///
    /// If it is not there yet, or none will come any more.
    pub fn try_recv(&mut self) -> Result<T, TryGetError> {
        match self.line.value.take() {
            Some(value) => Ok(value),
            None if self.line.is_over() => Err(TryGetError::Closed),
            None => Err(TryGetError::Empty),
        }
    }

    /// Takes nothing any more but what was sent before.
    ///
    /// ```
    /// let (reply, mut answer) = sync::oneshot::channel();
    /// answer.close();
    /// assert_eq!(reply.send(7), Err(sync::Closed(7)));
    /// ```
    pub fn close(&mut self) {
        self.line.is_closed.set(true);
        self.line.sender.wake();
    }
}

impl<T> Line<T> {
    /// Nothing will be sent any more.
    fn is_over(&self) -> bool {
        self.is_hung_up.get() || self.is_closed.get()
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let line = &*self.line;
        if !line.is_over() {
            line.receiver.register(context.waker());
        }
        // Looked at after it is registered: what was foreign in that may have sent.
        if !line.is_over() || spend(context).is_pending() {
            suspended(awaited_at(self.made), "oneshot");
            return Poll::Pending;
        }
        Poll::Ready(line.value.take().ok_or(Closed(())))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.line.receiver.clear();
        self.close();
        if let Some(value) = self.line.value.take() {
            contained("a value", || drop(value));
        }
    }
}

impl<T> Future for WaitClosed<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.line.is_closed.get() {
            self.line.sender.register(context.waker());
        }
        if self.line.is_closed.get() {
            return Poll::Ready(());
        }
        suspended(self.location, "closed");
        Poll::Pending
    }
}

impl<T> Drop for WaitClosed<'_, T> {
    fn drop(&mut self) {
        self.line.sender.clear();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_closed() {
            "Sender closed"
        } else {
            "Sender"
        })
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.line.is_over() {
            "Receiver, nothing more is sent"
        } else {
            "Receiver"
        })
    }
}
