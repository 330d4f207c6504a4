//! `wait` on the loop's own thread: the only thread that could run the task waits for it.
//!
//! twin: own, asyncio waits for ever, if there is no limit
//! exit: 101

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::handle;
use threads::HandleExt;
use trace::say;

// ANCHOR: main
async fn office() {
    let quote = handle().spawn(|| async { 11 });
    say!("office: {}", quote.wait().unwrap_or_default());
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
