//! A listener of which the operating system will have no more: that error is the caller's.
//!
//! twin: none, asyncio has no call for one connection
//! needs: linux

use std::io;
use std::net::Shutdown;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpListener;
use socket2::SockRef;
use timers::timeout;
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn open() -> io::Result<()> {
    let listener = TcpListener::bind(local(0))?;
    SockRef::from(&listener).shutdown(Shutdown::Both)?;
    match timeout(Duration::from_secs(60), listener.accept()).await {
        Ok(Ok(_)) => say!("somebody is there"),
        Ok(Err(error)) => say!("{:?}", error.kind()),
        Err(_) => say!("after a minute it still tries"),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), open())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
