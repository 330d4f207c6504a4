//! Code that is not asynchronous calls code that is, and gets its value.
//!
//! rows: P31
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, sleep};
use trace::say;

// ANCHOR: main
async fn async_main() -> &'static str {
    sleep(Duration::from_secs(1)).await;
    "Done"
}

/// A function like any other: it returns when the value is there.
fn sync_main(clock: Clock) -> &'static str {
    block_on(clock, async_main())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    say!("{}", sync_main(clock));
    Ok(())
}
// ANCHOR_END: main
