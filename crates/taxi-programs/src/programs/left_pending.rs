//! A runtime is dropped, and a task is not over: debug mode tells whose clean-up did not run.
//!
//! rows: P32
//! twin: own, asyncio tells it where the task is collected, and not what to do

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::time::sleep;
use taxi::{Clock, Runtime, catch_cancel, spawn_named};
use trace::say;

// ANCHOR: main
async fn meter() {
    if catch_cancel(sleep(Duration::from_secs(60))).await.is_err() {
        say!("the meter prints its receipt");
        taxi::Cancelled::resume().await;
    }
}

fn runtime() -> Runtime {
    let builder = Runtime::builder().clock(Clock::virtual_time());
    let builder = builder.debug(true).report(|report| say!("{report}"));
    builder.build().expect("a descriptor")
}

async fn ride() {
    let _detached = spawn_named("meter", meter());
    sleep(Duration::from_secs(1)).await;
    say!("the ride is over");
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut first = runtime();
    first.block_on(ride());
    drop(first);
    let mut second = runtime();
    second.block_on(ride());
    second.cancel_all();
    drop(second);
    Ok(())
}
// ANCHOR_END: main
