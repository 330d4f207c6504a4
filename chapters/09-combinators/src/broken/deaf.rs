//! A limit around a task that takes its cancellation for one failure more: it ends when the task likes.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::wait_for;
use event_loop::Clock;
use task_cell::catch_cancel;
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
/// Rings until somebody answers, which takes four rings. Whatever goes wrong, it goes on.
async fn ring() -> u32 {
    let mut rings = 0;
    while rings < 4 {
        say!("{:2} s  ring", now().as_secs());
        match catch_cancel(sleep(seconds(5))).await {
            Ok(()) => rings += 1,
            Err(error) => say!("{:2} s  {error}: once more", now().as_secs()),
        }
    }
    rings
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let answer = wait_for(seconds(7), ring()).await;
        say!("{:2} s  wait_for(7 s): {answer:?}", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
