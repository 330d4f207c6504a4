//! One task that writes to all guests: it waits for the slowest of them, and so do all others.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep, timeout};
use trace::say;

// ANCHOR: main
/// Says `line` to every guest.
async fn tell(guests: &[TcpStream], line: &[u8]) -> io::Result<()> {
    for guest in guests {
        guest.write_all(line).await?;
    }
    Ok(())
}

async fn host(guests: [TcpStream; 2]) -> io::Result<()> {
    for line in [&b"good evening"[..], &vec![b'.'; 16 << 20], b"good night"] {
        sleep(Duration::from_secs(1)).await;
        tell(&guests, line).await?;
    }
    Ok(())
}
// ANCHOR_END: main

/// Bob listens. Eve, who came before him, has fallen asleep.
async fn call() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let _eve = TcpStream::connect(address).await?;
    let bob = TcpStream::connect(address).await?;
    let guests = [listener.accept().await?.0, listener.accept().await?.0];
    let _host = spawn(host(guests));

    let mut buffer = [0; 100];
    let minute = Duration::from_secs(60);
    while let Ok(length) = timeout(minute, bob.read(&mut buffer)).await {
        say!("{:2} s  bob hears {} bytes", now().as_secs(), length?);
    }
    say!(
        "{:2} s  bob has heard nothing for a minute",
        now().as_secs()
    );
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
