//! Three fares that come one after the other, by a function that returns all of them: nobody sees one before the last.
//!
//! twin: none, it would be this program word for word
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn shift(rides: u32) -> Vec<u32> {
    let mut fares = Vec::new();
    for ride in 0..rides {
        sleep(Duration::from_secs(5)).await;
        say!("{:2} s  taxi: ride {ride} is over", now().as_secs());
        fares.push(10 + ride);
    }
    fares
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        for fare in shift(3).await {
            say!("{:2} s  main: {fare}", now().as_secs());
        }
    });
    Ok(())
}
// ANCHOR_END: main
