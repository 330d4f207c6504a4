//! A `stop()` in the line after `run_forever()`: it is never reached.
//!
//! exit: 101

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let mut executor = Executor::new(timers);
    let _work = executor.spawn(async {
        sleep(Duration::from_secs(3)).await;
        say!("has worked for 3 s");
    });
    executor.run_forever();
    say!("this line is never reached");
    tasks::stop();
    Ok(())
}
// ANCHOR_END: main
