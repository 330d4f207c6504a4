//! Somebody outside has promised to call.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;

use wakers::contained;

use crate::current::current;

/// Tells the current loop that another thread, a child or a peer is going to wake somebody.
///
/// While the guard lives, virtual time does not jump and nothing is called a deadlock. Give it to the one who will
/// call, and drop it *after* the call.
///
/// ```
/// use event_loop::Clock;
/// use std::thread;
///
/// timers::block_on(Clock::virtual_time(), async {
///     let (caller, phone) = wakers::phone();
///     let guard = timers::outside();
///     thread::spawn(move || {
///         caller.say("Main Street");
///         drop(guard);
///     });
///     // Without the guard this would be a deadlock: no timer is set.
///     assert_eq!(phone.await, Some("Main Street"));
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn outside() -> Outside {
    let shared = current("outside", Location::caller());
    shared.outside.fetch_add(1, Ordering::AcqRel);
    Outside {
        count: Arc::clone(&shared.outside),
        unparker: shared.unparker.clone(),
    }
}

// ANCHOR: outside
/// A promise to call; made by [`outside`].
#[derive(Debug)]
pub struct Outside {
    count: Arc<AtomicUsize>,
    unparker: Waker,
}

impl Clone for Outside {
    /// One more promise. Made of one that lives, so it needs no loop: any thread may make
    /// it.
    fn clone(&self) -> Outside {
        self.count.fetch_add(1, Ordering::AcqRel);
        Outside {
            count: Arc::clone(&self.count),
            unparker: self.unparker.clone(),
        }
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::AcqRel);
        // The loop may have waited for nobody but us: let it look again.
        contained("a waker", || self.unparker.wake_by_ref());
    }
}
// ANCHOR_END: outside
