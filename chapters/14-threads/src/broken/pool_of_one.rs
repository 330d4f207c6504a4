//! A job waits for another job of the same pool, and has the only thread that could run it.
//!
//! twin: same

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::Pool;
use timers::timeout;
use trace::say;

// ANCHOR: main
async fn office() {
    let archive = Pool::builder().name("archive").max_threads(1).build();
    let same = archive.clone();
    let outer = archive.run(move || {
        let inner = same.run(|| 7);
        // A thread of the pool may block, so it may also drive a future of its own.
        let limit = Duration::from_millis(200);
        timers::block_on(Clock::real(), timeout(limit, inner)).is_ok()
    });
    match outer.await {
        Ok(true) => say!("the inner job has run"),
        _ => say!("after 0.2 s the inner job still waits for a thread"),
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
