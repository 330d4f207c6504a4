//! Two halves of one connection, each in a task of its own; the writing half ends first.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{
    OwnedReadHalf, OwnedWriteHalf, StreamReader, StreamWriter, TcpListener, TcpStream,
    start_server,
};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn hear(half: OwnedReadHalf) -> io::Result<()> {
    let mut reader = StreamReader::new(half);
    while let Some(line) = reader.read_line().await? {
        say!("{} s  heard: {}", now().as_secs(), line);
    }
    say!("{} s  heard the end", now().as_secs());
    Ok(())
}

async fn say_words(half: OwnedWriteHalf) -> io::Result<()> {
    for word in ["good evening\n", "a taxi, please\n"] {
        half.write_all(word.as_bytes()).await?;
        sleep(Duration::from_secs(1)).await;
    }
    say!("{} s  said everything", now().as_secs());
    Ok(()) // `half` is dropped here, which ends this direction.
}

async fn call() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, slow_echo)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let (reading, writing) = stream.into_split();
    let hearing = spawn(hear(reading));
    spawn(say_words(writing))
        .await
        .map_err(io::Error::other)??;
    hearing.await.map_err(io::Error::other)?
}
// ANCHOR_END: main

// ANCHOR: slow-echo
async fn slow_echo(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    while let Some(line) = reader.read_line().await? {
        sleep(Duration::from_secs(3)).await;
        writer.write(format!("{line}\n").as_bytes());
        writer.drain().await?;
    }
    Ok(())
}
// ANCHOR_END: slow-echo

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
