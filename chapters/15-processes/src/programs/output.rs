//! What a program says and what it complains of, collected.
//!
//! rows: P20
//! twin: same
//! needs: unix

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::Command;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let script = "echo three taxis are out; echo one has a flat tyre >&2; exit 1";
    let output = Command::new("sh").args(["-c", script]).output().await?;
    say!(
        "it says: {}",
        String::from_utf8_lossy(&output.stdout).trim()
    );
    say!(
        "it complains: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    say!("it ended with {}", output.status.code().unwrap_or(-1));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
