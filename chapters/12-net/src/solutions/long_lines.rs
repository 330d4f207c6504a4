//! Chapter 12, exercise 2: a line over the limit is skipped, and the next one is read.
//!
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{ReadError, StreamReader, TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn listen(stream: TcpStream) -> io::Result<()> {
    let mut reader = StreamReader::with_limit(stream, 16);
    let mut skipped = 0;
    loop {
        match reader.read_until(b"\n").await {
            Err(ReadError::LimitOverrun { consumed }) => {
                skipped += reader.read_exactly(consumed).await?.len();
            }
            Ok(rest) if skipped > 0 => {
                skipped += rest.len();
                say!("{} s  skipped: {skipped} bytes", now().as_secs());
                skipped = 0;
            }
            Ok(line) => {
                let line = String::from_utf8_lossy(&line).into_owned();
                say!("{} s  a line: {}", now().as_secs(), line.trim_end());
            }
            Err(ReadError::Incomplete { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
// ANCHOR_END: main

async fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in [
        "a taxi\n",
        "to the station, by ",
        "way of the port\nand",
        " hurry\n",
    ] {
        stream.write_all(piece.as_bytes()).await?;
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let caller = spawn(call(listener.local_addr()?));
    let (stream, _) = listener.accept().await?;
    listen(stream).await?;
    caller.await.map_err(io::Error::other)?
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
