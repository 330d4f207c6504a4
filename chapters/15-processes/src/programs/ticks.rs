//! While a child runs, the loop goes on: that it has ended is one more thing to wait for.
//!
//! twin: same
//! needs: unix

use std::io;
use std::process::Stdio;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use polling::yield_now;
use processes::Command;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut meter = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    let input = meter.stdin.take();
    let taxi = async {
        for mile in 1..=3 {
            yield_now().await;
            say!("taxi: mile {mile}");
        }
        // Only now may the meter end.
        drop(input);
    };
    let (status, ()) = join(meter.wait(), taxi).await;
    say!("meter: {}", status?.code().unwrap_or(-1));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
