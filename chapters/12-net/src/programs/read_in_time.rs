//! A limit on a read that loses nothing: what has come stays in the reader.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, TcpListener, TcpStream};
use task_cell::spawn;
use timers::{Elapsed, now, sleep, timeout};
use trace::say;

// ANCHOR: main
async fn listen(stream: TcpStream) -> io::Result<()> {
    trace::name(format_args!("taxi"));
    let mut reader = StreamReader::new(stream);
    loop {
        let patience = Duration::from_secs(2);
        let read = timeout(patience, reader.read_exactly(14)).await;
        let second = now().as_secs();
        match read {
            Err(Elapsed) => say!("{second} s  the taxi waits"),
            Ok(Ok(words)) => {
                say!("{second} s  heard: {:?}", String::from_utf8_lossy(&words));
            }
            Ok(Err(_)) => {
                say!("{second} s  the end");
                return Ok(());
            }
        }
    }
}
// ANCHOR_END: main

/// Says 14 bytes, with a pause in the middle.
async fn call(address: SocketAddr) -> io::Result<()> {
    trace::name(format_args!("passenger"));
    let stream = TcpStream::connect(address).await?;
    for piece in ["a taxi,", " please"] {
        sleep(Duration::from_millis(1500)).await;
        stream.write_all(piece.as_bytes()).await?;
    }
    sleep(Duration::from_secs(1)).await;
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
