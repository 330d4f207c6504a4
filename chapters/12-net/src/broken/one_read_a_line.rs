//! Taking what one read brings for one line: the bytes of a stream have no joints.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn listen(stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 100];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&buffer[..length]);
        say!("{} s  a line: {line:?}", now().as_secs());
    }
}

async fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in ["a ta", "xi, please\nto the sta", "tion\nand ", "hurry\n"] {
        stream.write_all(piece.as_bytes()).await?;
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
// ANCHOR_END: main

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let caller = spawn(call(listener.local_addr()?));
    let (stream, _) = listener.accept().await?;
    listen(stream).await?;
    caller.await.map_err(io::Error::other)?
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let layers = readiness::layers(Clock::virtual_time());
    layers
        .and_then(|layers| task_cell::run_with(layers, serve()))
        .map_err(|error| BadInput::new(error.to_string()))
}
