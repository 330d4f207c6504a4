//! A scope that is put aside does not hear the request: the one round it does.
//!
//! twin: none, a coroutine cannot be polled and put aside
//! clock: virtual

use std::pin::pin;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{catch_cancel, spawn};
use timers::{now, sleep, timeout};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
async fn ride_with_a_call() {
    let mut ride = pin!(catch_cancel(sleep(seconds(60))));
    let _too_late = timeout(seconds(2), ride.as_mut()).await;
    say!("{:2} s  the phone rings, the ride is put aside", now().as_secs());
    sleep(seconds(10)).await;
    say!("{:2} s  the ride goes on", now().as_secs());
    if ride.await.is_err() {
        say!("{:2} s  the ride hears it", now().as_secs());
    }
}

async fn shift() {
    if catch_cancel(ride_with_a_call()).await.is_err() {
        say!("{:2} s  the shift hears it", now().as_secs());
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    for after in [5, 15] {
        task_cell::run(Clock::real_if(args.real()), async move {
            say!("cancelled after {after} s");
            let shift = spawn(shift());
            sleep(seconds(after)).await;
            shift.cancel();
            let _swallowed = shift.await;
        });
    }
    Ok(())
}
