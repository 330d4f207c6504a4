//! We keep an end of the pipe that we have given away: whoever reads the other end never hears that it has ended.
//!
//! twin: none, it would wait for ever in the same way
//! needs: unix

use std::io::{self, pipe};
use std::process::Stdio;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::Command;
use timers::timeout;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let (reads, writes) = pipe()?;
    let mut echo = Command::new("echo");
    let mut echo_child = echo.arg("taxi A").stdout(writes).spawn()?;
    let mut count = Command::new("wc");
    count.arg("-l").stdin(reads).stdout(Stdio::piped());
    let count = count.kill_on_drop(true).spawn()?;
    say!("echo: {}", echo_child.wait().await?.code().unwrap_or(-1));
    // `echo`, the command, is still here, and with it the end that writes.
    match timeout(Duration::from_millis(300), count.wait_with_output()).await {
        Ok(_) => say!("wc has counted"),
        Err(_) => say!("gave up: wc waits for more lines"),
    }
    drop(echo);
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
