//! A few milliseconds on the wall clock: no sleep ends early, and a limit ends what would wait for ever.
//!
//! twin: none, on our virtual clock the Python twin would sleep exactly

use std::future::pending;
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, sleep, timeout};
use trace::say;

// ANCHOR: main
async fn naps() {
    for wait in [3, 1, 2].map(Duration::from_millis) {
        let start = Instant::now();
        sleep(wait).await;
        let early = start.elapsed() < wait;
        say!("slept {wait:?}: {}", if early { "too early" } else { "not early" });
    }
    let call = timeout(Duration::from_millis(2), pending::<()>()).await;
    say!("no call: {}", if call.is_err() { "the time was up" } else { "answered" });
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    block_on(Clock::real(), naps());
    Ok(())
}
// ANCHOR_END: main
