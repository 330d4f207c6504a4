//! One coroutine awaits another, which sleeps for a second.
//!
//! rows: P01
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, now, sleep};
use trace::say;

// ANCHOR: main
async fn compute(x: u32, y: u32) -> u32 {
    say!("Compute {x} + {y} ...");
    sleep(Duration::from_secs(1)).await;
    x + y
}

async fn print_sum(x: u32, y: u32) {
    let sum = compute(x, y).await;
    say!("{x} + {y} = {sum}");
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), async {
        print_sum(1, 2).await;
        say!("took {} s", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
