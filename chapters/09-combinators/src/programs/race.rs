//! Two taxis are called in place. The first one there gets the ride, and the other future is dropped.
//!
//! twin: none, asyncio has no children in place
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::race;
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// Says when it is dropped.
struct Meter(char);

impl Drop for Meter {
    fn drop(&mut self) {
        say!("{} s  the meter of taxi {} stops", now().as_secs(), self.0);
    }
}

async fn taxi(name: char, drive: u64) -> char {
    let _meter = Meter(name);
    sleep(Duration::from_secs(drive)).await;
    say!("{} s  taxi {name} is here", now().as_secs());
    name
}

async fn main() {
    let first = race(taxi('A', 4), taxi('B', 2)).await;
    say!("{} s  we take taxi {first}", now().as_secs());
    sleep(Duration::from_secs(4)).await;
    say!("{} s  nobody else has come", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
