//! A callback that blocks: debug mode names the line that has asked for it.
//!
//! rows: P32
//! twin: own, asyncio names what was called, and not what to do

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::debug::Report;
use taxi::time::{call_later, now, sleep};
use taxi::{Clock, Runtime};
use trace::say;

/// What is counted, and not measured, so that this prints the same on every machine.
type Blocked = Rc<Cell<Duration>>;

// ANCHOR: main
fn read_the_meter(blocked: &Blocked) {
    say!("{} s  the meter is read", now().as_secs());
    block(blocked, Duration::from_millis(250));
}

async fn ride(blocked: Blocked) {
    call_later(Duration::from_secs(1), move || read_the_meter(&blocked));
    sleep(Duration::from_secs(3)).await;
    say!("{} s  the ride is over", now().as_secs());
}

fn tell(report: &Report) {
    say!("     {report}");
    if let Some(asked) = report.before {
        say!("     {}", text(asked.location));
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let blocked = Blocked::default();
    let counted = Rc::clone(&blocked);
    let mut runtime = Runtime::builder()
        .clock(Clock::virtual_time())
        .debug(true)
        .stopwatch(move || counted.get())
        .report(tell)
        .build()
        .expect("a descriptor");
    runtime.block_on(ride(blocked));
    Ok(())
}

fn block(blocked: &Blocked, duration: Duration) {
    thread::sleep(duration);
    blocked.set(blocked.get() + duration);
}

/// The line of this file that was there when it was compiled.
fn text(location: &Location<'_>) -> &'static str {
    let mut lines = include_str!("slow_callback.rs").lines();
    let line = lines.nth(location.line() as usize - 1);
    line.unwrap_or_default().trim()
}
