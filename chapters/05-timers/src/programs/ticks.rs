//! An interval whose ticks are missed: late one after another, on a new grid, or left out.
//!
//! twin: none, asyncio has no interval
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use timers::{MissedTickBehavior, block_on, interval, now, sleep};
use trace::say;

// ANCHOR: main
/// When six ticks were due and when they were taken, if work of 2.5 s comes after the
/// second, and work of 2 s, to the moment, after the fourth.
async fn taxi_meter(missed: MissedTickBehavior) -> String {
    let mut every_second = interval(Duration::from_secs(1));
    every_second.set_missed_tick_behavior(missed);
    let mut ticks = String::new();
    for tick in 1..=6 {
        let due = every_second.tick().await;
        ticks += &format!("  {} at {}", tenths(due), tenths(now()));
        match tick {
            2 => sleep(Duration::from_millis(2500)).await,
            4 => sleep(Duration::from_secs(2)).await,
            _ => {}
        }
    }
    ticks
}
// ANCHOR_END: main

fn tenths(time: Time) -> String {
    format!("{:.1}", (time - Time::ZERO).as_secs_f64())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    for missed in [MissedTickBehavior::Burst, MissedTickBehavior::Delay, MissedTickBehavior::Skip] {
        let clock = Clock::real_if(args.real());
        let ticks = block_on(clock, taxi_meter(missed));
        say!("{:5}{ticks}", format!("{missed:?}"));
    }
    Ok(())
}
