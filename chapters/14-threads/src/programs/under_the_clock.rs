//! The virtual clock does not jump while a thread is at work for the loop: a limit of a second is not reached.
//!
//! twin: same
//! clock: virtual

use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::spawn_blocking;
use timers::{now, sleep, timeout};
use trace::say;

// ANCHOR: main
fn look_up() -> &'static str {
    thread::sleep(Duration::from_millis(50));
    "found"
}

async fn office() {
    let limit = Duration::from_secs(1);
    match timeout(limit, spawn_blocking(look_up)).await {
        Ok(job) => say!("{} s  archive: {}", now().as_secs(), job.unwrap_or("torn")),
        Err(_) => say!("{} s  a second is over", now().as_secs()),
    }
    sleep(limit).await;
    say!("{} s  office: closed", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let ended = threads::run(Clock::real_if(args.real()), office());
    ended.map_err(|error| BadInput::new(error.to_string()))
}
