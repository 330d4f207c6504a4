//! A loop runs twice. Then it is closed, and asked a third time.
//!
//! rows: P24
//! twin: own, the same in asyncio's words
//! clock: virtual
//! exit: 101

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, now, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
async fn work(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
    say!("{} s  has worked for {seconds} s", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    executor.run_until_complete(work(1));
    executor.run_until_complete(work(3));
    executor.close();
    say!("closed");
    executor.run_until_complete(work(1));
    say!("this line is never reached");
    Ok(())
}
// ANCHOR_END: main
