//! Two tasks stop the loop at their end. The first one strands the second.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, now, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
async fn work(seconds: u64) {
    say!("{} s  works for {seconds} s", now().as_secs());
    sleep(Duration::from_secs(seconds)).await;
    say!("{} s  has worked for {seconds} s", now().as_secs());
    tasks::stop();
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let timers = Timers::new(ThreadPark::new(), Clock::real_if(args.real()));
    let mut executor = Executor::new(timers);
    let _short = executor.spawn(work(1));
    let _long = executor.spawn(work(3));
    executor.run_forever();
    say!("stopped");
    for task in executor.close() {
        say!("dropped before its end: {task}");
    }
    Ok(())
}
// ANCHOR_END: main
