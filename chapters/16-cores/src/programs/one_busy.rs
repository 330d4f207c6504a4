//! One loop keeps one core busy: four long sums, one after the other, though there are two cores.
//!
//! twin: none, Python's threads have one interpreter lock

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// What takes long.
fn sum_of_squares(to: u64) -> u64 {
    (1..=to).map(|n| n * n % 1_000_007).sum()
}

/// The name of the thread.
fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

async fn office() {
    let shifts = (1..=4).map(|n| {
        spawn(async move {
            say!("sum {n}, on {}", here());
            sum_of_squares(n * 100_000)
        })
    });
    let shifts: Vec<_> = shifts.collect();
    for shift in shifts {
        say!("{}", shift.await.unwrap_or_default());
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), office());
    Ok(())
}
