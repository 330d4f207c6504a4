//! Callbacks that say where they were asked for, so that debug mode can tell of those that take long.

use std::panic::Location;
use std::time::Duration;

use event_loop::Time;
use timers::TimerHandle;

/// Calls `callback` in a turn of its own, after those already queued: asyncio's `call_soon`.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// taxi::test::run(async {
///     let called = Rc::new(Cell::new(false));
///     let told = Rc::clone(&called);
///     taxi::call_soon(move || told.set(true));
///     taxi::yield_now().await;
///     assert!(called.get());
/// });
/// ```
///
/// # Panics
///
/// If no [`Runtime`](crate::Runtime) is running on this thread.
#[track_caller]
pub fn call_soon(callback: impl FnOnce() + 'static) {
    task_cell::call_soon(located("call_soon", callback));
}

/// Calls `callback` after `delay`; as [`timers::call_later`].
///
/// ```
/// use std::time::Duration;
/// use taxi::time::{call_later, now, sleep};
///
/// taxi::test::run(async {
///     call_later(Duration::from_secs(3), || assert_eq!(now().as_secs(), 3));
///     sleep(Duration::from_secs(4)).await;
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn call_later(delay: Duration, callback: impl FnOnce() + 'static) -> TimerHandle {
    timers::call_later(delay, located("call_later", callback))
}

/// Calls `callback` at `deadline`; as [`timers::call_at`].
///
/// ```
/// use std::time::Duration;
/// use taxi::time::{call_at, now, sleep};
///
/// taxi::test::run(async {
///     let due = now().saturating_add(Duration::from_secs(3));
///     let timer = call_at(due, || unreachable!("it was cancelled"));
///     assert!(timer.cancel());
///     sleep(Duration::from_secs(4)).await;
/// });
/// ```
///
/// # Panics
///
/// If no loop with timers is running on this thread.
#[track_caller]
pub fn call_at(deadline: Time, callback: impl FnOnce() + 'static) -> TimerHandle {
    timers::call_at(deadline, located("call_at", callback))
}

/// `callback`, which says at its end who has asked for it.
#[track_caller]
fn located(
    why: &'static str,
    callback: impl FnOnce() + 'static,
) -> impl FnOnce() + 'static {
    let location = Location::caller();
    move || {
        callback();
        polling::suspended(location, why);
    }
}
