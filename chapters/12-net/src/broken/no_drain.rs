//! Writing without `drain`: nothing ever waits, and what the guest does not read grows in our memory.
//!
//! twin: same

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
const PIECE: usize = 16 << 20;

async fn call() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, asleep)?;
    let (_reader, writer) = open_connection(server.local_addr()).await?;
    for _ in 0..4 {
        writer.write(&vec![b'.'; PIECE]);
        sleep(Duration::from_secs(1)).await;
        // The kernel has taken some of the first piece.
        let pieces = writer.write_buffer_size().div_ceil(PIECE);
        say!(
            "{} s  pieces of 16 MiB in our memory: {pieces}",
            now().as_secs()
        );
    }
    Ok(())
}
// ANCHOR_END: main

async fn asleep(_reader: StreamReader, _writer: StreamWriter) -> io::Result<()> {
    std::future::pending().await
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
