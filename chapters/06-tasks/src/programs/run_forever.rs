//! A loop that runs until somebody inside stops it: one task, then two, stopped when both are over.
//!
//! rows: P23
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
async fn work(seconds: u64) {
    say!("{} s  works for {seconds} s", now().as_secs());
    sleep(Duration::from_secs(seconds)).await;
    say!("{} s  has worked for {seconds} s", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    let _one = executor.spawn(async {
        work(1).await;
        tasks::stop();
    });
    executor.run_forever();
    say!("stopped from inside");

    let both = executor.spawn(async {
        let (short, long) = (tasks::spawn(work(1)), tasks::spawn(work(3)));
        short.await;
        long.await;
    });
    both.add_done_callback(|()| tasks::stop());
    executor.run_forever();
    say!("stopped when both were over");
    Ok(())
}
// ANCHOR_END: main
