//! One fetch of three fails: the first error at once, or every outcome in its place.
//!
//! rows: P25
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{gather_all, try_gather};
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn fetch(id: u64) -> Result<u64, String> {
    sleep(Duration::from_secs(id)).await;
    if id == 2 {
        return Err(format!("no answer from {id}"));
    }
    say!("{} s  data {id} fetched", now().as_secs());
    Ok(id)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        match try_gather([3, 2, 1].map(fetch)).await {
            Ok(data) => say!("{} s  {data:?}", now().as_secs()),
            Err(error) => say!("{} s  error: {error}", now().as_secs()),
        }
        // The others go on. Here they have the time to.
        sleep(Duration::from_secs(3)).await;

        for result in gather_all([3, 2, 1].map(fetch)).await {
            match result.expect("nobody panics or is cancelled") {
                Ok(id) => say!("{} s  data {id}", now().as_secs()),
                Err(error) => say!("{} s  error: {error}", now().as_secs()),
            }
        }
    });
    Ok(())
}
// ANCHOR_END: main
