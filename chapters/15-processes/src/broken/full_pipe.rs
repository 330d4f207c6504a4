//! All that it is to read first, then all that it writes: both pipes are full, and both wait for ever.
//!
//! twin: none, asyncio's `communicate` is there to prevent it
//! needs: unix

use std::io;
use std::process::Stdio;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::Command;
use timers::timeout;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut cat = Command::new("cat");
    cat.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut cat = cat.kill_on_drop(true).spawn()?;
    let (Some(asks), Some(says)) = (cat.stdin.take(), cat.stdout.take()) else {
        return Ok(());
    };
    let bytes = vec![b'.'; 1 << 20];
    let written = asks.write_all(&bytes);
    match timeout(Duration::from_millis(300), written).await {
        Ok(written) => written?,
        Err(_) => {
            say!("gave up: cat reads no more, until somebody reads what it wrote");
            return Ok(());
        }
    }
    drop(asks);
    let mut heard = Vec::new();
    say!("{} bytes came back", says.read_to_end(&mut heard).await?);
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
