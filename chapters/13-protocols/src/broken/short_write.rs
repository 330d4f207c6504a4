//! The first echo by callbacks: a write that takes less than it was given is no error, and the rest is gone.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use chapter::{Args, BadInput};
use event_loop::Clock;
use mio::net::{TcpListener, TcpStream};
use readiness::{Io, Readiness};
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// Called when there is something to read. `WouldBlock`: it is to be called again.
fn can_read(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 65536];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            // Hoping that there is room for all of it.
            length => match stream.write(&buffer[..length]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => drop(sent?),
            },
        }
    }
}
// ANCHOR_END: main

const MUCH: usize = 64 << 20;

async fn call() -> io::Result<()> {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Io::new(TcpListener::bind(any)?)?;
    let address = listener.get_ref().local_addr()?;
    let line = net::TcpStream::connect(address).await?;
    let (stream, _) = listener.run(Readiness::Read, TcpListener::accept).await?;
    let stream = Io::new(stream)?;
    let _echo = spawn(async move { stream.run(Readiness::Read, can_read).await });
    // A short word comes back.
    line.write_all(b"a taxi, please").await?;
    let mut word = [0; 14];
    line.read_exact(&mut word).await?;
    say!("hears: {}", String::from_utf8_lossy(&word));

    line.write_all(&vec![0; MUCH]).await?;
    line.shutdown(Shutdown::Write)?;
    let (mut heard, mut buffer) = (0, vec![0; 65536]);
    loop {
        match line.read(&mut buffer).await? {
            0 => break,
            length => heard += length,
        }
    }
    let all = if heard == MUCH { "all" } else { "not all" };
    say!("has sent {} MiB, and hears {all} of it", MUCH >> 20);
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
