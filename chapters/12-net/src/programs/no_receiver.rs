//! A datagram to nobody: sending succeeds, and a later call may hear of it.
//!
//! twin: same

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::UdpSocket;
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn call() -> io::Result<()> {
    let gone = UdpSocket::bind(local(0))?.local_addr()?;
    let taxi = UdpSocket::bind(local(0))?;
    taxi.connect(gone)?;
    taxi.send(b"is anybody there?").await?;
    say!("sent to nobody, and no error");
    match taxi.recv(&mut [0; 100]).await {
        Err(error) => say!("the next receive: {}", error.kind()),
        Ok(length) => say!("the next receive: {length} bytes"),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
