//! The end of `run`: what is left is cancelled, and driven to its end. Chapter 6's `background`, once more.
//!
//! twin: same
//! clock: virtual

use std::future::pending;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: tasks
async fn report() {
    for page in 1.. {
        say!("{:4} ms  page {page} is begun", millis());
        if catch_cancel(sleep(Duration::from_millis(750)))
            .await
            .is_err()
        {
            say!("{:4} ms  cancelled, one line more", millis());
            sleep(Duration::from_millis(250)).await;
            say!("{:4} ms  page {page} leaves the desk", millis());
            Cancelled::resume().await;
        }
    }
}

/// Takes less time than the report: both are asked at once.
async fn printer() {
    if catch_cancel(pending::<()>()).await.is_err() {
        sleep(Duration::from_millis(100)).await;
        say!("{:4} ms  the printer is off", millis());
        Cancelled::resume().await;
    }
}
// ANCHOR_END: tasks

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let report = spawn(report());
        report.add_done_callback(|ended| {
            say!("{:4} ms  cancelled: {}", millis(), ended.is_err());
        });
        let _printer = spawn(printer());
        sleep(Duration::from_secs(2)).await;
        say!("{:4} ms  main is over", millis());
    });
    say!("run has returned");
    Ok(())
}
// ANCHOR_END: main

fn millis() -> u64 {
    now().as_nanos() / 1_000_000
}
