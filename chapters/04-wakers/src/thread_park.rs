//! The lowest way to wait: a thread that sleeps until somebody calls.

use std::io;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::Park;

// ANCHOR: struct
/// Waits by putting its own thread to sleep.
///
/// ```
/// use wakers::{Park, ThreadPark};
///
/// let mut park = ThreadPark::new();
/// let unparker = park.unparker();
/// std::thread::spawn(move || unparker.wake());
/// assert!(park.park(None).unwrap()); // Sleeps until then.
/// ```
#[derive(Debug)]
pub struct ThreadPark {
    token: Arc<Token>,
    /// Only the thread that made it can sleep with it.
    not_send: PhantomData<Rc<()>>,
}

/// A call that has not been answered yet.
#[derive(Debug)]
struct Token {
    /// "Somebody has rung."
    rung: AtomicBool,
    sleeper: Thread,
}
// ANCHOR_END: struct

// ANCHOR: wake
impl Wake for Token {
    fn wake(self: Arc<Token>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Token>) {
        // The second of two calls finds the first one's token: one is enough.
        if !self.rung.swap(true, Ordering::Release) {
            self.sleeper.unpark();
        }
    }
}
// ANCHOR_END: wake

impl Default for ThreadPark {
    fn default() -> ThreadPark {
        ThreadPark::new()
    }
}

impl ThreadPark {
    /// A way to wait for the present thread.
    pub fn new() -> ThreadPark {
        let (rung, sleeper) = (AtomicBool::new(false), thread::current());
        let (token, not_send) = (Arc::new(Token { rung, sleeper }), PhantomData);
        ThreadPark { token, not_send }
    }

    // ANCHOR: answered
    /// Takes the token, if there is one.
    fn answered(&self) -> bool {
        self.token.rung.swap(false, Ordering::Acquire)
    }
    // ANCHOR_END: answered
}

impl Park for ThreadPark {
    // ANCHOR: park
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let _traced = trace::parked(timeout);
        // hole: park — sleep until there is a token, or the time is up; a zero timeout only looks
        // tried by: early-call, no-call, polls
        // also: wakers
        if timeout == Some(Duration::ZERO) {
            return Ok(self.answered());
        }
        // So late that no clock can name it (`None`): as good as never.
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        // `thread::park` may return for no reason. Our token decides, not the return.
        while !self.answered() {
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            thread::park_timeout(left);
        }
        Ok(true)
        // end hole
    }
    // ANCHOR_END: park

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.token))
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        false
    }
}
