//! A loop inside a loop: the inner one would keep the outer one's tasks from running.
//!
//! exit: 101

use chapter::{Args, BadInput};
use event_loop::Clock;
use trace::say;

// ANCHOR: main
async fn fare() -> u32 {
    7
}

/// Not an `async fn`, so it cannot await.
fn fare_now() -> u32 {
    tasks::run(Clock::virtual_time(), fare())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("outside: {}", fare_now());
    tasks::run(Clock::virtual_time(), async {
        say!("inside: {}", fare_now());
    });
    Ok(())
}
// ANCHOR_END: main
