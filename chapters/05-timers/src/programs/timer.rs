//! A timer that calls back, by sleeping and by itself; and one that is cancelled.
//!
//! rows: P42
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, call_later, now, sleep};
use trace::say;

// ANCHOR: main
/// A timer made of a sleep: somebody has to await it.
async fn timer(wait: Duration, callback: impl FnOnce()) {
    sleep(wait).await;
    callback();
}

async fn two_timers() {
    timer(Duration::from_secs(3), || say!("{} s  Done", now().as_secs())).await;

    // A timer of the loop: nobody awaits it.
    call_later(Duration::from_secs(3), || {
        say!("{} s  Done", now().as_secs())
    });
    let other = call_later(Duration::from_secs(5), || say!("never said"));
    sleep(Duration::from_secs(4)).await;
    say!("{} s  cancelled: {}", now().as_secs(), other.cancel());
    sleep(Duration::from_secs(4)).await;
    say!("{} s  cancelled: {}", now().as_secs(), other.cancel());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), two_timers());
    Ok(())
}
// ANCHOR_END: main
