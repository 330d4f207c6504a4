//! Callbacks on a task: it ends, then they are called, then whoever awaits it goes on.
//!
//! rows: P05
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::sleep;
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    tasks::run(clock, async {
        let ride = tasks::spawn(async {
            sleep(Duration::from_secs(2)).await;
            say!("the ride ends");
            7
        });
        ride.add_done_callback(|fare| say!("first callback: the fare is {fare}"));
        ride.add_done_callback(|fare| say!("second callback: {fare}, really"));
        let fare = ride.await;
        say!("the one who awaited it has the {fare}");

        let over = tasks::spawn(async { 8 });
        sleep(Duration::from_secs(1)).await;
        over.add_done_callback(|fare| say!("asked after the end, called soon: {fare}"));
        say!("asked");
        sleep(Duration::ZERO).await;
    });
    Ok(())
}
// ANCHOR_END: main
