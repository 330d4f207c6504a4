//! `call_soon` from another thread. It is for the loop's own thread, and says so.
//!
//! twin: own, asyncio takes the call and does not wake the loop

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::call_soon;
use trace::say;

// ANCHOR: main
async fn office() {
    let driver = thread::spawn(|| call_soon(|| say!("office: 20 paid in")));
    say!(
        "office: the driver's call has panicked: {}",
        driver.join().is_err()
    );
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    std::panic::set_hook(Box::new(|panic| {
        say!("driver: {}", panic.payload_as_str().unwrap_or_default());
    }));
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
