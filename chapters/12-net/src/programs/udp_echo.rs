//! Datagrams: no connection and no end; what was sent in one piece arrives in one piece, or not at all.
//!
//! rows: P20
//! twin: same
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::UdpSocket;
use task_cell::spawn;
use timers::{Elapsed, now, timeout};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
/// Sends each datagram back to where it came from.
async fn office(socket: UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1500];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..length], from).await?;
    }
}
// ANCHOR_END: main

// ANCHOR: call
async fn call() -> io::Result<()> {
    let socket = UdpSocket::bind(local(0))?;
    let address = socket.local_addr()?;
    let _office = spawn(office(socket));

    let taxi = UdpSocket::bind(local(0))?;
    taxi.connect(address)?;
    for word in ["good evening", "a taxi, please"] {
        taxi.send(word.as_bytes()).await?;
    }
    let mut buffer = [0; 1500];
    for _ in 0..2 {
        let length = taxi.recv(&mut buffer).await?;
        let word = String::from_utf8_lossy(&buffer[..length]).into_owned();
        say!("{} s  the taxi hears '{word}'", now().as_secs());
    }
    let more = timeout(Duration::from_secs(5), taxi.recv(&mut buffer)).await;
    if let Err(Elapsed) = more {
        say!(
            "{} s  nothing more; nobody says that it was all",
            now().as_secs()
        );
    }
    Ok(())
}
// ANCHOR_END: call

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
