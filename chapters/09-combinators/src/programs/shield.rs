//! Whoever waits is cancelled; what it waits for goes on and finishes.
//!
//! rows: P27
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::shield;
use event_loop::Clock;
use task_cell::{catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
/// Writes the fare into the book. Half a line must not be left there.
async fn save(fare: u32) {
    say!("{} s  saving {fare}", now().as_secs());
    if catch_cancel(sleep(seconds(3))).await.is_err() {
        say!("{} s  half a line is in the book", now().as_secs());
        task_cell::Cancelled::resume().await;
    }
    say!("{} s  saved {fare}", now().as_secs());
}

async fn main() {
    for shielded in [false, true] {
        let driver = spawn(async move {
            match shielded {
                false => save(30).await,
                true => shield(save(60)).await.expect("nobody cancels it"),
            }
        });
        sleep(seconds(1)).await;
        say!(
            "{} s  cancel the driver: {}",
            now().as_secs(),
            driver.cancel()
        );
        let error = driver.await.expect_err("it is cancelled");
        say!("{} s  driver: {error}", now().as_secs());
        sleep(seconds(4)).await;
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
