//! The smallest thing that can be awaited and is not ready.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::suspended;

// ANCHOR: yield_now
/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct YieldNow {
    stopped: bool,
    location: &'static Location<'static>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.stopped {
            return Poll::Ready(());
        }
        self.stopped = true;
        // "Ask me again": whoever polls may be asleep otherwise. Chapter 4 tells why.
        context.waker().wake_by_ref();
        suspended(self.location, "yield");
        Poll::Pending
    }
}
// ANCHOR_END: yield_now

// ANCHOR: fn
/// Stops once, and lets others have a turn.
///
/// ```
/// let spun = polling::spin_on(polling::yield_now());
/// assert_eq!(spun.polls, 2);
/// ```
#[track_caller]
pub fn yield_now() -> YieldNow {
    YieldNow {
        stopped: false,
        location: Location::caller(),
    }
}
// ANCHOR_END: fn
