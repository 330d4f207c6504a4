//! One future, with timers.

use event_loop::Clock;
use wakers::{ThreadPark, block_on_with};

use crate::Timers;

// ANCHOR: block_on
/// Drives `future` to its end, with timers by `clock`.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// // An hour that takes no time.
/// timers::block_on(Clock::virtual_time(), timers::sleep(Duration::from_secs(3600)));
/// ```
///
/// # Panics
///
/// On the virtual clock, if the future waits for nothing that could ever happen.
#[track_caller]
pub fn block_on<F: Future>(clock: Clock, future: F) -> F::Output {
    block_on_with(&mut Timers::new(ThreadPark::new(), clock), future)
}
// ANCHOR_END: block_on
