//! A limit that cancels, and reports only when the clean-up is done.
//!
//! rows: P29
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{WaitForError, wait_for};
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel};
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
async fn ride(n: u64) -> u64 {
    if catch_cancel(sleep(seconds(n))).await.is_err() {
        say!("{} s  taxi: too long, back to the garage", now().as_secs());
        sleep(seconds(2)).await;
        say!("{} s  taxi: in the garage", now().as_secs());
        Cancelled::resume().await;
    }
    n
}

async fn main() {
    for n in [1, 60] {
        match wait_for(seconds(3), ride(n)).await {
            Ok(n) => say!("{} s  the ride took {n} s", now().as_secs()),
            Err(WaitForError::Elapsed) => say!("{} s  Timeout!", now().as_secs()),
            Err(error) => say!("{} s  {error}", now().as_secs()),
        }
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
