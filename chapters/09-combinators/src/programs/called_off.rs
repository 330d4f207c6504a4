//! Ctrl-C by one request: to the gather of all tasks, to a task that gathers, to a task that waits.
//!
//! rows: P09
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{When, gather, gather_handles, wait};
use event_loop::Clock;
use task_cell::{Cancelled, JoinHandle, catch_cancel, spawn, tasks};
use timers::{now, sleep};
use trace::say;

// ANCHOR: work
async fn work(seconds: u64) {
    let worked = catch_cancel(sleep(Duration::from_secs(seconds))).await;
    if worked.is_err() {
        say!("{} s  {seconds} s was too long", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        Cancelled::resume().await;
    }
    say!("{} s  done of {seconds}", now().as_secs());
}

/// Asks one task, after two seconds, and says who is left when that has ended.
async fn ctrl_c(how: &str, outer: JoinHandle<()>) {
    say!("{how}");
    sleep(Duration::from_secs(2)).await;
    say!("{} s  ^C {}", now().as_secs(), outer.cancel());
    let error = outer.await.expect_err("it is cancelled");
    say!(
        "{} s  {error}, others left: {}",
        now().as_secs(),
        tasks().len() - 1
    );
    sleep(Duration::from_secs(5)).await;
}
// ANCHOR_END: work

// ANCHOR: main
async fn main() {
    let all = [1, 3, 4].map(|n| spawn(work(n)));
    let all = spawn(async move {
        gather_handles(all).await.expect("not reached");
    });
    ctrl_c("the gather of all tasks", all).await;

    let gathers = spawn(async {
        gather([1, 3, 4].map(work)).await.expect("not reached");
    });
    ctrl_c("a task that gathers", gathers).await;

    let waits = spawn(async {
        let tasks = [1, 3, 4].map(|n| spawn(work(n)));
        wait(tasks, When::All, None).await;
    });
    ctrl_c("a task that waits", waits).await;
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
