//! Ctrl-C in the middle: list the tasks, cancel each, wait until all have ended. The key is simulated by a timer.
//!
//! rows: P09
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{TaskState, catch_cancel, promise, spawn_named, tasks};
use timers::{call_later, now, sleep};
use trace::say;

// ANCHOR: ctrl-c
/// What the key does. Until chapter 15 a timer presses it.
fn ctrl_c() {
    say!("{} s  ^C", now().as_secs());
    for task in tasks() {
        let done = match task.state {
            TaskState::Cancelling => "cancelling",
            _ => "pending",
        };
        let why = task.suspended.map_or("-", |suspended| suspended.why);
        say!("     {:6} {done}, in {why}", task.name);
    }
    for task in tasks().iter().filter(|task| !task.is_root) {
        say!("     cancel {}: {}", task.name, task.cancel());
    }
}
// ANCHOR_END: ctrl-c

// ANCHOR: work
async fn work(seconds: u64) -> u64 {
    say!("{} s  wait {seconds} s", now().as_secs());
    let waited = catch_cancel(sleep(Duration::from_secs(seconds))).await;
    if waited.is_err() {
        say!("{} s  {seconds} s was too long", now().as_secs());
        task_cell::Cancelled::resume().await;
    }
    seconds
}
// ANCHOR_END: work

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut all = [1, 10, 15].map(|n| spawn_named(format!("work{n}"), work(n)));
        let waits = spawn_named("waits", async {
            promise::<()>().await;
        });
        call_later(Duration::from_secs(2), ctrl_c);
        for task in &mut all {
            match task.await {
                Ok(seconds) => say!("{} s  done of {seconds}", now().as_secs()),
                Err(error) => say!("{} s  {error}", now().as_secs()),
            }
        }
        let ended = all.iter().filter(|task| task.is_cancelled()).count();
        say!(
            "cancelled: {ended} of 3, and waits: {}",
            waits.is_cancelled()
        );
        say!("tasks left: {}", tasks().len());
    });
    Ok(())
}
// ANCHOR_END: main
