//! An end is one thing, and a reset another: only the first says that everything has arrived.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, TcpListener, TcpStream};
use task_cell::spawn;
use timers::sleep;
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn listen(stream: TcpStream) -> io::Result<()> {
    let mut reader = StreamReader::new(stream);
    loop {
        match reader.read_line().await {
            Ok(Some(line)) => say!("heard: {}", line),
            Ok(None) => {
                say!("the end: that was everything");
                return Ok(());
            }
            Err(error) => {
                let error = io::Error::from(error);
                if error.kind() != io::ErrorKind::ConnectionReset {
                    return Err(error);
                }
                say!("a reset: something may be missing");
                return Ok(());
            }
        }
    }
}
// ANCHOR_END: main

// ANCHOR: call
async fn call(address: SocketAddr, resets: bool) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    if resets {
        // A close that waits for nothing, not even for what is still to be sent.
        stream.options().set_linger(Some(Duration::ZERO))?;
    }
    stream.write_all(b"a taxi, please\n").await?;
    sleep(Duration::from_secs(1)).await;
    Ok(()) // The stream is dropped, and closed.
}
// ANCHOR_END: call

// ANCHOR: calls
async fn calls() -> io::Result<()> {
    let listener = TcpListener::bind(local(0))?;
    for resets in [false, true] {
        let caller = spawn(call(listener.local_addr()?, resets));
        listen(listener.accept().await?.0).await?;
        caller.await.map_err(io::Error::other)??;
    }
    Ok(())
}
// ANCHOR_END: calls

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), calls())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
