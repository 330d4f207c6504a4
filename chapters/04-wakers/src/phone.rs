//! A future whose moment only somebody else knows: a passenger who phones.

use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use polling::suspended;

use crate::contained;

// ANCHOR: phone
/// A telephone line: what is said into the [`Caller`] is what awaiting the [`Phone`] gives.
///
/// ```
/// let (caller, phone) = wakers::phone();
/// std::thread::spawn(move || caller.say("Main Street"));
/// assert_eq!(wakers::block_on(phone), Some("Main Street"));
/// ```
#[track_caller]
pub fn phone<T>() -> (Caller<T>, Phone<T>) {
    let line = Arc::new(Mutex::new(Line {
        said: None,
        hung_up: false,
        waker: None,
    }));
    (
        Caller {
            line: Arc::clone(&line),
        },
        Phone {
            line,
            location: Location::caller(),
        },
    )
}
// ANCHOR_END: phone

// ANCHOR: line
#[derive(Debug)]
struct Line<T> {
    said: Option<T>,
    hung_up: bool,
    /// Whom to call: the waker of the latest poll.
    waker: Option<Waker>,
}

/// Waits for a call. Gives `None` if the caller went away without a word.
///
/// ```
/// let (caller, phone) = wakers::phone::<&str>();
/// drop(caller);
/// assert_eq!(wakers::block_on(phone), None);
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Phone<T> {
    line: Arc<Mutex<Line<T>>>,
    location: &'static Location<'static>,
}

/// The other end of a [`Phone`], for any thread.
///
/// ```
/// let (caller, phone) = wakers::phone();
/// caller.say("Main Street"); // Before anybody listens.
/// assert_eq!(wakers::block_on(phone), Some("Main Street"));
/// ```
#[derive(Debug)]
pub struct Caller<T> {
    line: Arc<Mutex<Line<T>>>,
}
// ANCHOR_END: line

/// To wake, clone or drop a waker runs foreign code. That is never done while the line is locked, so nothing in
/// there panics, and a poisoned lock has nothing broken behind it.
fn open<T>(line: &Mutex<Line<T>>) -> MutexGuard<'_, Line<T>> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

// ANCHOR: poll
impl<T> Future for Phone<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        // hole: phone — leave the newest waker, and look whether there is something to hear
        // tried by: phone, polls, handed-on, any-moment, hangs-up
        // also: wakers
        let newest = context.waker().clone();
        let mut line = open(&self.line);
        if line.said.is_some() || line.hung_up {
            return Poll::Ready(line.said.take());
        }
        // Under the same lock as the look: no call can come in between.
        let older = line.waker.replace(newest);
        drop(line);
        contained("a waker", || drop(older));
        suspended(self.location, "call");
        Poll::Pending
        // end hole
    }
}
// ANCHOR_END: poll

// ANCHOR: drop
impl<T> Drop for Phone<T> {
    /// Nobody listens any more, so nobody is to be called.
    fn drop(&mut self) {
        let waker = open(&self.line).waker.take();
        contained("a waker", || drop(waker));
    }
}
// ANCHOR_END: drop

// ANCHOR: say
impl<T> Caller<T> {
    /// Says `what`, and wakes whoever waits for it.
    pub fn say(self, what: T) {
        open(&self.line).said = Some(what);
        // Dropping the caller hangs up, and wakes.
    }
}

impl<T> Drop for Caller<T> {
    fn drop(&mut self) {
        let mut line = open(&self.line);
        line.hung_up = true;
        let waker = line.waker.take();
        drop(line);
        if let Some(waker) = waker {
            contained("a waker", || waker.wake());
        }
    }
}
// ANCHOR_END: say
