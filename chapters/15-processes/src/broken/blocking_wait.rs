//! std's `wait` on the loop: nobody has a turn until the child has ended.
//!
//! twin: none, `subprocess.run` in a coroutine does the same
//! needs: unix

use std::io;
use std::process::Command;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let taxi = spawn(async {
        for mile in 1..=3 {
            say!("taxi: mile {mile}");
            yield_now().await;
        }
    });
    yield_now().await;
    let status = Command::new("sleep").arg("0.2").status()?; // std's
    say!("meter: {}", status.code().unwrap_or(-1));
    taxi.await.map_err(io::Error::other)
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
