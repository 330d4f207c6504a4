//! Chapter 7, exercise 2: a client that gives up after 15 seconds, and what its server makes of it.
//!
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::spawn;
use timers::{Elapsed, now, sleep, timeout};
use trace::say;

// ANCHOR: main
/// Has an answer after 20 seconds.
async fn answer(stream: TcpStream) -> io::Result<()> {
    stream.read(&mut [0]).await?;
    sleep(Duration::from_secs(20)).await;
    let gone = stream.read(&mut [0]).await? == 0;
    let seconds = now().as_secs();
    say!("{seconds} s  the server has the answer; the client is gone: {gone}");
    Ok(())
}

async fn ask(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    stream.write_all(b"?").await?;
    match timeout(Duration::from_secs(15), stream.read(&mut [0])).await {
        Ok(length) => say!("{} s  an answer of {}", now().as_secs(), length?),
        Err(Elapsed) => say!("{} s  the client gives up", now().as_secs()),
    }
    Ok(())
}

async fn call() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let client = spawn(ask(listener.local_addr()?));
    let (stream, _) = listener.accept().await?;
    answer(stream).await?;
    client.await
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
