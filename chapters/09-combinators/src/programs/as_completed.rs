//! Taxis as they arrive, with one limit for all of them together.
//!
//! rows: P07
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::as_completed;
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
async fn taxi(name: char, drive: u64) -> char {
    trace::name(format_args!("taxi {name}"));
    sleep(seconds(drive)).await;
    name
}

async fn main() {
    trace::name(format_args!("main"));
    let taxis = [taxi('A', 3), taxi('B', 60), taxi('C', 1), taxi('D', 2)];
    let mut arrivals = as_completed(taxis).within(seconds(5));
    while let Some(arrival) = arrivals.next().await {
        match arrival {
            Ok(name) => say!("{} s  taxi {name} is here", now().as_secs()),
            Err(error) => say!("{} s  {error}", now().as_secs()),
        }
    }
    say!("{} s  that was all", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
