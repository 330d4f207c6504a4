//! Three programs are started, and each is waited for: how it ended is its status.
//!
//! rows: P20
//! twin: same
//! needs: unix

use std::io;
use std::os::unix::process::ExitStatusExt;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::{Command, SIGTERM};
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let status = Command::new("true").status().await?;
    say!("true: {}", status.code().unwrap_or(-1));

    let mut printer = Command::new("sh");
    let mut printer = printer.args(["-c", "exit 3"]).spawn()?;
    let status = printer.wait().await?;
    say!("printer: {}", status.code().unwrap_or(-1));

    let mut radio = Command::new("sleep").arg("1000").spawn()?;
    say!("radio has ended: {}", radio.try_wait()?.is_some());
    radio.signal(SIGTERM)?;
    let status = radio.wait().await?;
    let terminated = status.signal() == Some(SIGTERM);
    say!("radio was ended by SIGTERM: {terminated}");

    match Command::new("no-such-program").status().await {
        Ok(_) => say!("there is one"),
        Err(error) => say!("no-such-program: {:?}", error.kind()),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
