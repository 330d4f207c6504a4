//! Chapter 5, exercise 2: every tick is followed by work of 1.7 s.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{MissedTickBehavior, block_on, interval, now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi_meter(missed: MissedTickBehavior) -> String {
    let mut every_second = interval(Duration::from_secs(1));
    every_second.set_missed_tick_behavior(missed);
    let mut ticks = String::new();
    for _ in 0..5 {
        let due = every_second.tick().await.as_nanos() / 100_000_000;
        let taken = now().as_nanos() / 100_000_000;
        ticks += &format!("  {:.1} at {:.1}", due as f64 / 10.0, taken as f64 / 10.0);
        sleep(Duration::from_millis(1700)).await;
    }
    ticks
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let behaviors = [
        MissedTickBehavior::Burst,
        MissedTickBehavior::Delay,
        MissedTickBehavior::Skip,
    ];
    for missed in behaviors {
        let ticks = block_on(Clock::real_if(args.real()), taxi_meter(missed));
        say!("{:5}{ticks}", format!("{missed:?}"));
    }
    Ok(())
}
// ANCHOR_END: main
