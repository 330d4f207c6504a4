//! A child has a second to end by itself. Then it is asked, and if it does not listen, it is killed.
//!
//! needs: unix

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::{Child, Command, SIGTERM};
use timers::timeout;
use trace::say;

// ANCHOR: main
async fn within(child: &mut Child, limit: Duration) -> io::Result<ExitStatus> {
    if let Ok(status) = timeout(limit, child.wait()).await {
        return status;
    }
    child.signal(SIGTERM)?;
    if let Ok(status) = timeout(limit, child.wait()).await {
        return status;
    }
    child.kill()?;
    child.wait().await
}

async fn depot() -> io::Result<()> {
    let polite = "exec sleep 1000";
    let deaf = "trap '' TERM; while :; do sleep 0.05; done";
    for (name, script) in [("quick", "exit 0"), ("polite", polite), ("deaf", deaf)] {
        let mut child = Command::new("sh").args(["-c", script]).spawn()?;
        let status = within(&mut child, Duration::from_millis(500)).await?;
        match status.signal() {
            Some(SIGTERM) => say!("{name}: ended when it was asked"),
            Some(_) => say!("{name}: had to be killed"),
            None => say!("{name}: ended by itself"),
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
