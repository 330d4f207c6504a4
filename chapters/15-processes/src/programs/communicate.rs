//! A megabyte goes to a program and comes back, though a pipe holds much less.
//!
//! rows: P20
//! twin: same
//! needs: unix

use std::io;
use std::process::Stdio;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::Command;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut cat = Command::new("cat");
    let cat = cat.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let output = cat.communicate(vec![b'.'; 1 << 20]).await?;
    say!("{} bytes came back", output.stdout.len());

    let mut sort = Command::new("sort");
    let sort = sort.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let output = sort.communicate("taxi C\ntaxi A\ntaxi B\n").await?;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        say!("{line}");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
