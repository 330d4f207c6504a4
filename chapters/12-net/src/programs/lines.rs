//! Lines out of a stream, however its bytes arrive; one over the limit is an error, and its bytes are still there.
//!
//! twin: same
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
    let mut reader = StreamReader::with_limit(stream, 40);
    loop {
        match reader.read_line().await {
            Ok(Some(line)) => say!("{} s  a line: {line}", now().as_secs()),
            Ok(None) => return Ok(()),
            Err(ReadError::LimitOverrun { .. }) => {
                let mut start = [0; 9];
                let length = reader.read(&mut start).await?;
                let start = String::from_utf8_lossy(&start[..length]).into_owned();
                let second = now().as_secs();
                say!(
                    "{second} s  over the limit of 40 bytes; it begins with \"{start}\""
                );
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}
// ANCHOR_END: main

// ANCHOR: call
async fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in ["a ta", "xi, please\nto the sta", "tion\nand ", "hurry\n"] {
        say!("{} s  sent: {piece:?}", now().as_secs());
        stream.write_all(piece.as_bytes()).await?;
        sleep(Duration::from_secs(1)).await;
    }
    stream.write_all("by way of ".repeat(5).as_bytes()).await?;
    // Until the server hangs up.
    let _ = stream.read(&mut [0]).await;
    Ok(())
}
// ANCHOR_END: call

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
