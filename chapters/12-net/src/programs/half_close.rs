//! Half a close by streams: everything was said, and the answer is still to come.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
/// Adds up what comes, one fare a line. Its sum is known at the end, and not before.
async fn add_up(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    let mut total = 0;
    while let Some(line) = reader.read_line().await? {
        total += line.parse::<u32>().map_err(io::Error::other)?;
    }
    sleep(Duration::from_secs(2)).await;
    writer.write(format!("{total}\n").as_bytes());
    writer.close();
    writer.wait_closed().await
}

async fn call() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, add_up)?;
    let (mut reader, writer) = open_connection(server.local_addr()).await?;
    for fare in [20, 15, 7] {
        writer.write(format!("{fare}\n").as_bytes());
    }
    writer.write_eof();
    writer.drain().await?;
    say!("{} s  three fares are sent, and the end", now().as_secs());
    let answer = reader.read_line().await?.unwrap_or_default();
    say!("{} s  the office answers: {}", now().as_secs(), answer);
    if reader.read_line().await?.is_none() {
        say!("{} s  and hangs up", now().as_secs());
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
