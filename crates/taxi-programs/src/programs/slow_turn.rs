//! A blocking call in a task: debug mode names the task, and the lines before and after.
//!
//! rows: P32
//! twin: own, asyncio tells how long it took, and not what to do

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::debug::Report;
use taxi::time::{now, sleep};
use taxi::{Clock, Runtime, spawn_named};
use trace::say;

// ANCHOR: ride
const CALL: Duration = Duration::from_millis(250);

/// Calls the office, and blocks until somebody answers. What it takes is counted, not
/// measured, so that this prints the same on every machine.
fn call_the_office(blocked: &Cell<Duration>) {
    thread::sleep(CALL);
    blocked.set(blocked.get() + CALL);
}

async fn ride(blocked: Rc<Cell<Duration>>) {
    sleep(Duration::from_secs(1)).await;
    say!("{} s  the ride calls the office", now().as_secs());
    call_the_office(&blocked);
    sleep(Duration::from_secs(2)).await;
}

// ANCHOR_END: ride

// ANCHOR: main
fn tell(report: &Report) {
    say!("     {report}");
    for waited in [report.before, report.after].into_iter().flatten() {
        say!("     {}", text(waited.location));
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let blocked = Rc::new(Cell::new(Duration::ZERO));
    let counted = Rc::clone(&blocked);
    let mut runtime = Runtime::builder()
        .clock(Clock::virtual_time())
        .debug(true)
        .stopwatch(move || counted.get())
        .report(tell)
        .build()
        .expect("a descriptor");
    runtime.block_on(async {
        let ride = spawn_named("ride", ride(blocked));
        ride.await.expect("it does not panic");
        say!("{} s  the ride is over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main

/// The line of this file that was there when it was compiled.
fn text(location: &Location<'_>) -> &'static str {
    let mut lines = include_str!("slow_turn.rs").lines();
    let line = lines.nth(location.line() as usize - 1);
    line.unwrap_or_default().trim()
}
