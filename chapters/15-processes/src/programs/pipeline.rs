//! What one program writes, another reads: the pipe is the operating system's, and the loop sees nothing of it.
//!
//! twin: same
//! needs: unix

use std::io::{self, pipe};
use std::process::Stdio;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use processes::Command;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let (reads, writes) = pipe()?;
    let rides = "taxi B\ntaxi A\ntaxi B\ntaxi C\ntaxi A\ntaxi B\n";
    // A command keeps what it gives to its children: here it is dropped.
    let sort = {
        let mut sort = Command::new("sort");
        sort.stdin(Stdio::piped()).stdout(writes).spawn()?
    };
    let mut count = Command::new("uniq");
    let count = count
        .arg("-c")
        .stdin(reads)
        .stdout(Stdio::piped())
        .spawn()?;

    let both = join(sort.communicate(rides), count.wait_with_output());
    let (sorted, counted) = both.await;
    sorted?;
    for line in String::from_utf8_lossy(&counted?.stdout).lines() {
        say!("{}", line.trim());
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
