//! Ctrl-C in the middle, by a real SIGINT: list the tasks, cancel each, wait until all have ended.
//!
//! rows: P09
//! twin: same
//! clock: virtual
//! needs: unix

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::{SIGINT, raise, signal};
use task_cell::{Cancelled, TaskState, catch_cancel, spawn_named, tasks};
use timers::{call_later, now, sleep};
use trace::say;

// ANCHOR: work
async fn work(seconds: u64) {
    let worked = catch_cancel(sleep(Duration::from_secs(seconds))).await;
    if worked.is_err() {
        say!("{} s  {seconds} s was too long", now().as_secs());
        sleep(Duration::from_secs(1)).await; // it puts things away
        Cancelled::resume().await;
    }
    say!("{} s  done of {seconds}", now().as_secs());
}

// ANCHOR_END: work

// ANCHOR: main
async fn office() -> io::Result<()> {
    let mut key = signal(SIGINT)?;
    let works = [1, 10, 15].map(|n| spawn_named(format!("work{n}"), work(n)));
    call_later(Duration::from_secs(2), || {
        // As if somebody had pressed it. The kernel interrupts us here.
        raise(SIGINT).unwrap_or_default();
    });

    key.recv().await?;
    say!("{} s  ^C", now().as_secs());
    for task in tasks().iter().filter(|task| !task.is_root) {
        let state = match task.state {
            TaskState::Waiting => "waits",
            _ => "is about to run",
        };
        say!("     {} {state}; cancel: {}", task.name, task.cancel());
    }
    for work in works {
        let name = work.name();
        let end = match work.await {
            Ok(()) => "finished",
            Err(_) => "cancelled",
        };
        say!("{} s  {name}: {end}", now().as_secs());
    }
    say!("tasks left: {}", tasks().len() - 1);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), office())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
