//! What the timers ask of the layer below on the wall clock: wait until the next deadline, or for as long as we may.
//!
//! twin: none, asyncio computes this inside its loop

use std::io;
use std::task::Waker;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{Timers, call_later};
use trace::say;
use wakers::Park;

const MINUTE: Duration = Duration::from_secs(60);

// ANCHOR: below
/// A layer that tells how long it may wait, in whole minutes, and does not wait.
struct Below;

impl Park for Below {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        match timeout {
            None => say!("  below: wait, with no limit"),
            Some(Duration::ZERO) => say!("  below: only look"),
            Some(wait) => say!("  below: wait, {} min", wait.as_secs().div_ceil(60)),
        }
        Ok(false)
    }
    // ANCHOR_END: below

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        false
    }
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut timers = Timers::new(Below, Clock::real());
    let _current = timers.enter();
    let mut park = |what, timeout| {
        say!("{what}");
        timers.park(timeout).expect("it does not wait");
    };
    park("nothing is set, and we may wait for ever", None);
    park("nothing is set, and we may wait 5 min", Some(5 * MINUTE));
    call_later(60 * MINUTE, || say!("never said"));
    park("a timer in 60 min, and we may wait for ever", None);
    park("a timer in 60 min, and we may wait 5 min", Some(5 * MINUTE));
    park(
        "a timer in 60 min, and we may wait 90 min",
        Some(90 * MINUTE),
    );
    park(
        "a timer in 60 min, and we may only look",
        Some(Duration::ZERO),
    );
    Ok(())
}
// ANCHOR_END: main
