//! Chapter 8, exercise 2: `scopes`, cancelled a second time while the passenger gets out.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn with_passenger() {
    if catch_cancel(sleep(Duration::from_secs(60))).await.is_err() {
        say!("{} s  the passenger gets out", now().as_secs());
        sleep(Duration::from_secs(2)).await;
        say!("{} s  the passenger is out", now().as_secs());
        Cancelled::resume().await;
    }
}

async fn shift() {
    if catch_cancel(with_passenger()).await.is_err() {
        say!("{} s  back to the garage", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        say!("{} s  in the garage", now().as_secs());
        Cancelled::resume().await;
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let shift = spawn(shift());
        sleep(Duration::from_secs(5)).await;
        say!("{} s  cancel: {}", now().as_secs(), shift.cancel());
        sleep(Duration::from_secs(1)).await;
        say!("{} s  cancel: {}", now().as_secs(), shift.cancel());
        let ended = shift.await.is_err();
        say!("{} s  the shift is cancelled: {ended}", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
