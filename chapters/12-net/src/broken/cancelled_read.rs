//! A read that keeps what it has read in a local variable: when it is dropped half-way, those bytes are gone.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{Elapsed, now, sleep, timeout};
use trace::say;

// ANCHOR: main
/// So many bytes, or an error at the end.
async fn read_exactly(stream: &TcpStream, wanted: usize) -> io::Result<String> {
    let mut got = vec![0; wanted];
    let mut length = 0;
    while length < wanted {
        match stream.read(&mut got[length..]).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => length += more,
        }
    }
    Ok(String::from_utf8_lossy(&got).into_owned())
}

async fn listen(stream: TcpStream) -> io::Result<()> {
    loop {
        let patience = Duration::from_secs(2);
        match timeout(patience, read_exactly(&stream, 14)).await {
            Err(Elapsed) => say!("{} s  the taxi waits", now().as_secs()),
            Ok(Ok(words)) => say!("{} s  heard: {words:?}", now().as_secs()),
            Ok(Err(error)) => {
                say!("{} s  {error}", now().as_secs());
                return Ok(());
            }
        }
    }
}
// ANCHOR_END: main

/// Says 14 bytes, with a pause in the middle.
async fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in ["a taxi,", " please"] {
        sleep(Duration::from_millis(1500)).await;
        stream.write_all(piece.as_bytes()).await?;
    }
    sleep(Duration::from_secs(2)).await;
    Ok(())
}

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let caller = spawn(call(listener.local_addr()?));
    let (stream, _) = listener.accept().await?;
    listen(stream).await?;
    caller.await.map_err(io::Error::other)?
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
