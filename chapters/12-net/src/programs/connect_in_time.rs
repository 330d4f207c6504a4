//! A connection with a limit: where nobody picks up the telephone, we hang up.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpSocket, TcpStream};
use timers::{Elapsed, now, timeout};
use trace::say;

// ANCHOR: main
async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let limit = Duration::from_secs(3);
    match timeout(limit, TcpStream::connect(address)).await {
        Ok(connected) => connected,
        Err(Elapsed) => Err(io::ErrorKind::TimedOut.into()),
    }
}
// ANCHOR_END: main

// ANCHOR: call
async fn call() -> io::Result<()> {
    let office = TcpSocket::new_v4()?;
    office.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let office = office.listen(0)?;
    let address = office.local_addr()?;

    // Nobody accepts: a few stand in the queue, and then it is full.
    let mut lines = Vec::new();
    let error = loop {
        match connect(address).await {
            Ok(line) => lines.push(line),
            Err(error) => break error,
        }
    };
    say!(
        "{} s  after 3 s without an answer: {error}",
        now().as_secs()
    );
    // One is picked up. Now there is room for another.
    office.accept().await?;
    connect(address).await?;
    say!("{} s  connected", now().as_secs());
    Ok(())
}
// ANCHOR_END: call

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
