//! Two tasks on one loop: one is asleep while the other runs. Then the loop is asked for one that is over.
//!
//! rows: P10
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, now, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
async fn taxi_a() {
    say!("{} s  taxi A picks up a passenger", now().as_secs());
    sleep(Duration::from_secs(3)).await;
    say!("{} s  taxi A drops off the passenger", now().as_secs());
}

async fn taxi_b() -> &'static str {
    say!("{} s  taxi B washes its windows", now().as_secs());
    "clean windows"
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    let a = executor.spawn(taxi_a());
    let b = executor.spawn(taxi_b());
    executor.run_until_complete(a);
    say!("taxi A is over; taxi B is over too: {}", b.is_finished());
    let result = executor.run_until_complete(b);
    say!("taxi B gives at once: {result}");
    Ok(())
}
// ANCHOR_END: main
