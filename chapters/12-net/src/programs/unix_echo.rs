//! A connection without a network: its address is a path in the file system.
//!
//! twin: same
//! needs: unix

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, UnixListener, UnixStream};
use task_cell::spawn;
use trace::say;

// ANCHOR: main
async fn echo(listener: UnixListener) -> io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let mut buffer = [0; 100];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            length => stream.write_all(&buffer[..length]).await?,
        }
    }
}
// ANCHOR_END: main

// ANCHOR: call
async fn call() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("office");
    let office = spawn(echo(UnixListener::bind(&path)?));
    let stream = UnixStream::connect(&path).await?;
    let (reading, writing) = stream.into_split();
    let mut reader = StreamReader::new(reading);
    for word in ["good evening\n", "a taxi, please\n"] {
        writing.write_all(word.as_bytes()).await?;
        let heard = reader.read_line().await?.unwrap_or_default();
        say!("heard: {}", heard);
    }
    drop(writing);
    if reader.read_line().await?.is_none() {
        say!("the end");
    }
    office.await.map_err(io::Error::other)??;
    if path.exists() {
        say!("the path is still there");
    }
    Ok(())
}
// ANCHOR_END: call

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
