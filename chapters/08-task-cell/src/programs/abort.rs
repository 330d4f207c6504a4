//! Three ways to end a task: ask, ask twice, do not ask.
//!
//! twin: none, asyncio only asks
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, JoinHandle, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// Says when it is dropped.
struct Meter;

impl Drop for Meter {
    fn drop(&mut self) {
        say!("{:2} s  the meter stops", now().as_secs());
    }
}

async fn ride() {
    let _meter = Meter;
    if catch_cancel(sleep(Duration::from_secs(60))).await.is_err() {
        say!("{:2} s  cleaning up", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        say!("{:2} s  clean", now().as_secs());
        Cancelled::resume().await;
    }
}

async fn attempt(how: &str, end: impl AsyncFnOnce(&JoinHandle<()>)) {
    say!("{how}");
    let mut ride = spawn(ride());
    sleep(Duration::from_secs(1)).await;
    end(&ride).await;
    let cancelled = (&mut ride).await.is_err();
    say!("{:2} s  over, cancelled: {cancelled}", now().as_secs());
}

// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        attempt("cancel", async |ride| {
            ride.cancel();
        })
        .await;
        attempt("cancel, and again a second later", async |ride| {
            ride.cancel();
            sleep(Duration::from_secs(1)).await;
            ride.cancel();
        })
        .await;
        attempt("abort", async |ride| ride.abort()).await;
    });
    Ok(())
}
