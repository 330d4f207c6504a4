//! A datagram that is longer than the buffer: the rest is lost.
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
    let (office, taxi) = (UdpSocket::bind(local(0))?, UdpSocket::bind(local(0))?);
    let address = office.local_addr()?;
    for word in ["to the station, please", "thank you"] {
        taxi.send_to(word.as_bytes(), address).await?;
    }
    let mut buffer = [0; 14];
    for _ in 0..2 {
        let (length, _) = office.recv_from(&mut buffer).await?;
        let heard = String::from_utf8_lossy(&buffer[..length]);
        say!("heard {length} bytes: '{heard}'");
    }
    if taxi.send_to(&[0; 70_000], address).await.is_err() {
        say!("70000 bytes are refused at once: no datagram is that long");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
