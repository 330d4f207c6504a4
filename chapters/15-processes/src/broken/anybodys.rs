//! Whoever reaps *any* child takes the status from the one who waits for it.
//!
//! twin: none, asyncio had a watcher that did so, and has taken it out
//! needs: unix

use std::io;
use std::process::Stdio;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::Command;
use rustix::process::{WaitOptions, wait};
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut printer = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    drop(printer.stdin.take());
    // A library that once started a child of its own, and waits for whichever ends.
    let reaped = wait(WaitOptions::empty())?;
    say!("the library has reaped somebody: {}", reaped.is_some());
    match printer.wait().await {
        Ok(status) => say!("printer: {}", status.code().unwrap_or(-1)),
        Err(error) => say!("printer: {error}"),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
