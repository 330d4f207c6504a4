//! Chapter 7, exercise 3: a server that says the time, and hangs up.
//!
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn tell_the_time(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let time = format!("it is {} s", now().as_secs());
        stream.write_all(time.as_bytes()).await?;
    }
}

async fn ask() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let _server = spawn(tell_the_time(listener));
    for wait in [0, 60, 3600] {
        sleep(Duration::from_secs(wait)).await;
        let stream = TcpStream::connect(address).await?;
        let (mut heard, mut buffer) = (Vec::new(), [0; 64]);
        loop {
            match stream.read(&mut buffer).await? {
                0 => break,
                length => heard.extend(&buffer[..length]),
            }
        }
        say!("{}", String::from_utf8_lossy(&heard));
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::real_if(args.real()), ask())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
