//! Half a close: the passenger has said everything, and still hears the answer.
//!
//! twin: same

use std::io;
use std::net::{Shutdown, SocketAddr};

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::spawn;
use trace::say;

/// All that comes until the end.
async fn hear(stream: &TcpStream) -> io::Result<String> {
    let (mut all, mut buffer) = (Vec::new(), [0; 16]);
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(String::from_utf8_lossy(&all).into_owned());
        }
        all.extend(&buffer[..length]);
    }
}

// ANCHOR: main
async fn count(listener: TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let text = hear(&stream).await?;
    say!("server: the end after {} bytes", text.len());
    let answer = format!("{} words", text.split_whitespace().count());
    stream.write_all(answer.as_bytes()).await
}

async fn call() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let server = spawn(count(listener));
    let stream = TcpStream::connect(address).await?;
    stream.write_all(b"how many words are these").await?;
    stream.shutdown(Shutdown::Write)?;
    say!("client: sent everything, and its end");
    say!("client: hears \"{}\", and the end", hear(&stream).await?);
    server.await
}
// ANCHOR_END: main

// ANCHOR: run
pub fn run(_: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: run
