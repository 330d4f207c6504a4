//! One coroutine that sleeps, run until it is complete.
//!
//! rows: P03
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::counted;
use timers::{block_on, now, sleep};
use trace::say;

// ANCHOR: main
async fn do_some_work(seconds: u64) {
    say!("Waiting {seconds}");
    sleep(Duration::from_secs(seconds)).await;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let (work, polls) = counted(async {
        do_some_work(1).await;
        now()
    });
    let end = block_on(clock, work);
    say!("took {} s, and {} polls", end.as_secs(), polls.get());
    Ok(())
}
// ANCHOR_END: main
