//! How the end of some work comes from one thread to another: what a job and a remote task have in common.
//!
//! It is the phone of chapter 4 once more, with a value that may also be an error, and with care for what is foreign in
//! it: the value, and the waker of whoever waits. Neither is cloned, woken or dropped under the lock.

use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use polling::{awaited_at, spend, suspended};
use task_cell::JoinError;
use timers::Outside;
use wakers::{callback_sink, contained, discard};

/// How some work ended.
pub(crate) type Ended<T> = Result<T, JoinError>;

// ANCHOR: line
/// What the two ends share.
struct Line<T: 'static>(Mutex<State<T>>);

struct State<T> {
    end: End<T>,
    /// Whoever waits.
    waker: Option<Waker>,
}

enum End<T> {
    Open,
    Known(Ended<T>),
    Taken,
}

/// The end that knows. Dropping it tells the other one, at the latest: then the work was
/// cancelled.
pub(crate) struct Reply<T: 'static>(Arc<Line<T>>);

/// The end that waits.
pub(crate) struct Answer<T: 'static> {
    line: Arc<Line<T>>,
    /// Where it was asked for, and in a word or two what for.
    pub(crate) made: &'static Location<'static>,
    why: &'static str,
    /// While it is awaited, the virtual clock of the loop here stands still.
    outside: Option<Outside>,
}
// ANCHOR_END: line

pub(crate) fn answer<T>(
    why: &'static str,
    made: &'static Location<'static>,
) -> (Reply<T>, Answer<T>) {
    let state = State {
        end: End::Open,
        waker: None,
    };
    let line = Arc::new(Line(Mutex::new(state)));
    let answer = Answer {
        line: Arc::clone(&line),
        made,
        why,
        outside: None,
    };
    (Reply(line), answer)
}

impl<T: 'static> Line<T> {
    /// Nothing foreign runs under this lock, so a poisoned one is in order.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: register
    /// From now on it is `waker` that is woken. False if the end is known already.
    fn register(&self, waker: &Waker) -> bool {
        let is_same = |old: &Waker| old.will_wake(waker);
        let (open, same) = {
            let state = self.lock();
            (state.is_open(), state.waker.as_ref().is_some_and(is_same))
        };
        if !open || same {
            return open;
        }
        let newest = Some(waker.clone());
        // Asked again: the end may have come during the clone.
        let mut state = self.lock();
        let old = mem::replace(&mut state.waker, newest);
        let open = state.is_open();
        drop(state);
        contained("a waker", || drop(old));
        open
    }
    // ANCHOR_END: register
}

impl<T: 'static> State<T> {
    fn is_open(&self) -> bool {
        matches!(self.end, End::Open)
    }
}

impl<T: 'static> Drop for Line<T> {
    fn drop(&mut self) {
        let state = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        discard("a value", mem::replace(&mut state.end, End::Taken));
        discard("a waker", state.waker.take());
    }
}

// ANCHOR: reply
impl<T: 'static> Reply<T> {
    /// Whether somebody has the other end. If not, the value is nobody's business.
    pub(crate) fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    pub(crate) fn send(self, end: Ended<T>) {
        self.0.lock().end = End::Known(end);
        // Dropping it wakes.
    }
}

impl<T: 'static> Drop for Reply<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if state.is_open() {
            state.end = End::Known(Err(JoinError::Cancelled));
        }
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            contained("a waker", || waker.wake());
        }
    }
}
// ANCHOR_END: reply

impl<T: 'static> Answer<T> {
    pub(crate) fn is_known(&self) -> bool {
        !self.line.lock().is_open()
    }

    /// Blocks this thread until the end is known.
    #[track_caller]
    pub(crate) fn wait(self) -> Ended<T> {
        assert!(
            callback_sink().is_none(),
            "wait() would stop the loop that runs on this thread, and with it perhaps \
             what it waits for; `.await` it instead"
        );
        wakers::block_on(self)
    }
}

// ANCHOR: answer
impl<T: 'static> Future for Answer<T> {
    type Output = Ended<T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended<T>> {
        // Registered before the look: what comes after the look, wakes.
        let open = self.line.register(context.waker());
        if open && self.outside.is_none() && timers::is_virtual() {
            self.outside = Some(timers::outside());
        }
        if open || spend(context).is_pending() {
            suspended(awaited_at(self.made), self.why);
            return Poll::Pending;
        }
        self.outside = None;
        let end = mem::replace(&mut self.line.lock().end, End::Taken);
        match end {
            End::Known(end) => Poll::Ready(end),
            _ => panic!(
                "its result was taken; await a {} (begun at {}) once",
                self.why, self.made
            ),
        }
    }
}
// ANCHOR_END: answer
