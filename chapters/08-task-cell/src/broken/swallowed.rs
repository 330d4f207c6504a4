//! A task that catches its cancellation and goes on: `cancel` has said true, and nobody is cancelled.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// It tries again after any failure. A cancellation is taken for one.
async fn stubborn() -> u32 {
    for attempt in 1.. {
        say!("{:2} s  attempt {attempt}", now().as_secs());
        if catch_cancel(sleep(Duration::from_secs(20))).await.is_ok() {
            break;
        }
        say!("{:2} s  something went wrong", now().as_secs());
    }
    30
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let mut ride = spawn(stubborn());
        for _ in 0..2 {
            sleep(Duration::from_secs(5)).await;
            say!("{:2} s  cancel: {}", now().as_secs(), ride.cancel());
        }
        let outcome = (&mut ride).await;
        say!("{:2} s  outcome: {outcome:?}", now().as_secs());
        say!("      cancelled: {}", ride.is_cancelled());
    });
    Ok(())
}
// ANCHOR_END: main
