//! The same chat with a guest who has fallen asleep: she is cut off, and nobody else waits for her.
//!
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, StreamWriter, open_connection};
use task_cell::spawn;
use timers::sleep;
use trace::say;

use crate::programs::chat::open;

// ANCHOR: main
const LINES: usize = 200;

/// Comes in.
async fn enter(
    address: SocketAddr,
    name: &str,
) -> io::Result<(StreamReader, StreamWriter)> {
    let (mut reader, writer) = open_connection(address).await?;
    reader.read_line().await?;
    writer.write(format!("{name}\n").as_bytes());
    writer.drain().await?;
    reader.read_line().await?;
    Ok((reader, writer))
}

/// Says 200 long lines, one a second.
async fn talk(writer: StreamWriter) -> io::Result<()> {
    for _ in 0..LINES {
        sleep(Duration::from_secs(1)).await;
        writer.write(format!("{}\n", "bla ".repeat(15_000)).as_bytes());
        writer.drain().await?;
    }
    Ok(())
}

async fn evening() -> io::Result<()> {
    let server = open(0)?;
    let address = server.local_addr();
    let (_ann, writer) = enter(address, "ann").await?;
    let (mut bob, _bob) = enter(address, "bob").await?;
    let (mut eve, _eve) = enter(address, "eve").await?;
    let _talking = spawn(talk(writer));

    let (mut heard, mut eve_went) = (0, false);
    while heard < LINES {
        let line = bob.read_line().await?.unwrap_or_default();
        heard += usize::from(line.starts_with("ann: "));
        eve_went |= line == "* eve is gone";
    }
    assert!(eve_went);
    say!("bob has heard {heard} lines of ann's, and that eve is gone");
    let mut hers = 0;
    while eve.read_line().await.is_ok_and(|line| line.is_some()) {
        hers += 1;
    }
    assert!(hers < LINES);
    say!("eve wakes up, and hears fewer");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), evening())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
