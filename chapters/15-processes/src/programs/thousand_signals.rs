//! A signal that comes a thousand times before anybody looks is told once, too.
//!
//! twin: none, asyncio's loop calls the handler for each that fits into its socket
//! needs: unix

use std::io;

use chapter::{Args, BadInput};
use combinators::{Either, select};
use event_loop::Clock;
use polling::yield_now;
use processes::{SIGUSR1, raise, signal};
use trace::say;

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut desk = signal(SIGUSR1)?;
    for _ in 0..1_000 {
        raise(SIGUSR1)?;
    }
    desk.recv().await?;
    say!("desk: hurry");
    match select(desk.recv(), yield_now()).await {
        Either::Left(_) => say!("desk: hurry, again"),
        Either::Right(()) => say!("desk: nothing more"),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
