//! Ending the wait from any thread, without a system call where none is needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Wake;

// ANCHOR: states
/// The loop is not waiting.
const RUNNING: u8 = 0;
/// The loop waits in the operating system, or is about to.
const SLEEPING: u8 = 1;
/// Somebody has called since the loop last looked.
const CALLED: u8 = 2;

/// What ends a park of the reactor.
pub(crate) struct Unparker {
    state: AtomicU8,
    waker: mio::Waker,
}
// ANCHOR_END: states

impl Unparker {
    pub(crate) fn new(waker: mio::Waker) -> Unparker {
        Unparker {
            state: AtomicU8::new(RUNNING),
            waker,
        }
    }

    // ANCHOR: unparker
    /// Takes the call, if there was one, and is awake from now on.
    pub(crate) fn answer(&self) -> bool {
        self.state.swap(RUNNING, Ordering::AcqRel) == CALLED
    }

    /// Goes to sleep, unless somebody has called.
    pub(crate) fn sleep(&self) -> bool {
        let (from, to) = (RUNNING, SLEEPING);
        self.state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

impl Wake for Unparker {
    fn wake(self: Arc<Unparker>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Unparker>) {
        // Only a sleeping loop needs the system call; a running one will look anyway.
        if self.state.swap(CALLED, Ordering::AcqRel) == SLEEPING {
            // It can fail only if the loop's poll is closed; then nobody sleeps.
            drop(self.waker.wake());
        }
    }
}
// ANCHOR_END: unparker
