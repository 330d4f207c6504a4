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
    let mut meter = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    let mut radio = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    drop(meter.stdin.take()); // The meter ends, and the radio goes on.

    // A library that has started the radio, and waits for whichever child ends.
    let reaped = wait(WaitOptions::empty())?;
    let number = reaped.map(|(number, _)| number.as_raw_nonzero().get() as u32);
    say!(
        "the library has reaped the radio: {}",
        number == Some(radio.id())
    );
    match meter.wait().await {
        Ok(status) => say!("meter: {}", status.code().unwrap_or(-1)),
        Err(error) => say!("meter: {error}"),
    }
    radio.kill()?;
    radio.wait().await.map(drop)
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
