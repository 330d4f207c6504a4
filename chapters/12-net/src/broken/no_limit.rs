//! A line reader without a limit: whoever sends no end of line fills the memory.
//!
//! twin: none, a StreamReader of asyncio always has a limit

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// Keeps what comes until there is a line.
async fn read_line(stream: &TcpStream, kept: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 16 << 10];
    while !kept.contains(&b'\n') {
        match stream.read(&mut piece).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => kept.extend(&piece[..length]),
        }
        if kept.len().is_multiple_of(1 << 20) {
            say!(
                "{} s  {} MiB kept, and no line",
                now().as_secs(),
                kept.len() >> 20
            );
        }
    }
    Ok(())
}

/// Says a great deal, and never comes to a point.
async fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for _ in 0..4 {
        stream.write_all(&vec![b'.'; 1 << 20]).await?;
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
// ANCHOR_END: main

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let caller = spawn(call(listener.local_addr()?));
    let (stream, _) = listener.accept().await?;
    if let Err(error) = read_line(&stream, &mut Vec::new()).await {
        say!("{} s  {error}", now().as_secs());
    }
    caller.await.map_err(io::Error::other)?
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
