//! A program is asked, and answers, line by line; meanwhile others have their turns.
//!
//! rows: P20
//! twin: same
//! needs: unix

use std::io;
use std::process::Stdio;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::StreamReader;
use processes::Command;
use trace::say;

// ANCHOR: main
/// Answers each line with one of its own.
const METER: &str =
    "while read miles; do echo \"$miles miles: $((3 + 2 * miles))\"; done";

async fn depot() -> io::Result<()> {
    let mut meter = Command::new("sh");
    meter.args(["-c", METER]);
    let mut meter = meter.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(asks), Some(says)) = (meter.stdin.take(), meter.stdout.take()) else {
        return Ok(());
    };
    let mut says = StreamReader::new(says);
    for miles in [1, 4, 10] {
        asks.write_all(format!("{miles}\n").as_bytes()).await?;
        say!("{}", says.read_line().await?.unwrap_or_default());
    }
    drop(asks); // The end of its input is the end of its loop.
    say!("at its end: {:?}", says.read_line().await?);
    say!("status: {}", meter.wait().await?.code().unwrap_or(-1));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
