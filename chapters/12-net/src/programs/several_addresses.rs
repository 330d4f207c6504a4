//! Several addresses for one name: the first that answers is taken.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, TcpListener, TcpStream, start_server};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
/// An address at which nobody listens.
fn nobody_there() -> io::Result<SocketAddr> {
    TcpListener::bind(local(0))?.local_addr()
}

async fn call() -> io::Result<()> {
    let office = start_server(TcpListener::bind(local(0))?, async |_, writer| {
        writer.write(b"taxi office, good evening\n");
    })?;
    let addresses = [nobody_there()?, nobody_there()?, office.local_addr()];
    let stream = TcpStream::connect_any(&addresses).await?;
    let greeting = StreamReader::new(stream).read_line().await?;
    say!("the third answers: {}", greeting.unwrap_or_default());

    match TcpStream::connect_any(&addresses[..2]).await {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            say!("none answers: the last one refused");
        }
        other => say!("{:?}", other.err()),
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
