//! A shield whose task nobody holds: it outlives whoever waited, but not the program, and nobody hears of its end.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{shield, wait_for};
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
async fn save(fare: u32) -> Result<(), String> {
    say!("{} s  saving {fare}", now().as_secs());
    sleep(seconds(3)).await;
    if fare > 50 {
        say!("{} s  {fare} is too much", now().as_secs());
        return Err("too much".to_owned());
    }
    say!("{} s  saved {fare}", now().as_secs());
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        for (fare, pause) in [(60, 3), (30, 1)] {
            let saved = wait_for(seconds(1), shield(save(fare))).await;
            say!("{} s  in time: {}", now().as_secs(), saved.is_ok());
            // The first one has the time to go on. Who hears that it failed?
            sleep(seconds(pause)).await;
        }
        say!("{} s  main: all is done", now().as_secs());
    });
    say!("the program is over");
    Ok(())
}
// ANCHOR_END: main
