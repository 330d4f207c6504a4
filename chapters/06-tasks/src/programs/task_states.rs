//! A task, printed before, while and after it runs: the states that it really has.
//!
//! rows: P04
//! twin: own, a result in Python has many owners and stays; here whoever awaits the handle takes it
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
async fn ride(fare: u32) -> u32 {
    sleep(Duration::from_secs(2)).await;
    fare
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    let mut short = executor.spawn(ride(7));
    say!("before it runs:     {short:?}");
    executor.run_until_complete(sleep(Duration::from_secs(1)));
    say!("while it sleeps:    {short:?}");
    executor.run_until_complete(sleep(Duration::from_secs(2)));
    say!("after its end:      {short:?}");
    let fare = executor.run_until_complete(&mut short);
    say!("after it was asked: {short:?}; we have the {fare}");
    let long = executor.spawn(ride(30));
    executor.close();
    say!("its loop is closed: {long:?}");
    Ok(())
}
// ANCHOR_END: main
