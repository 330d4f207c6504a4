//! A signal that comes three times before anybody looks is told once. Each listener is told.
//!
//! twin: own, asyncio's loop reads a byte for each signal, and calls the handler for each
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
    let (mut desk, mut garage) = (signal(SIGUSR1)?, signal(SIGUSR1)?);
    for _ in 0..3 {
        raise(SIGUSR1)?;
    }
    desk.recv().await?;
    say!("desk: hurry");
    garage.recv().await?;
    say!("garage: hurry");
    match select(desk.recv(), yield_now()).await {
        Either::Left(_) => say!("desk: hurry, again"),
        Either::Right(()) => say!("desk: nothing more"),
    }
    raise(SIGUSR1)?;
    desk.recv().await?;
    say!("desk: hurry");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
