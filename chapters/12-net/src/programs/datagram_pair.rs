//! Two pairs of sockets: a stream glues what was sent, datagrams keep it apart.
//!
//! twin: same
//! needs: unix

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{UnixDatagram, UnixStream};
use trace::say;

// ANCHOR: main
const WORDS: [&str; 3] = ["one", "two", "three"];

async fn call() -> io::Result<()> {
    let mut buffer = [0; 100];
    let (left, right) = UnixStream::pair()?;
    for word in WORDS {
        left.write_all(word.as_bytes()).await?;
    }
    let length = right.read(&mut buffer).await?;
    say!(
        "stream: one receive gives '{}'",
        String::from_utf8_lossy(&buffer[..length])
    );

    let (left, right) = UnixDatagram::pair()?;
    for word in WORDS {
        left.send(word.as_bytes()).await?;
    }
    let length = right.recv(&mut buffer).await?;
    say!(
        "datagrams: one receive gives '{}'",
        String::from_utf8_lossy(&buffer[..length])
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
