//! Two halves become one connection again, and nothing was ended by it.
//!
//! twin: none, asyncio's streams are not put together again

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, TcpListener, TcpStream};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn call() -> io::Result<()> {
    let listener = TcpListener::bind(local(0))?;
    let stream = TcpStream::connect(listener.local_addr()?).await?;
    let (office, _) = listener.accept().await?;

    let (reading, writing) = stream.into_split();
    writing.write_all(b"a taxi, ").await?;
    let Ok(stream) = reading.reunite(writing) else {
        return Err(io::Error::other("they are halves of one"));
    };
    stream.write_all(b"please").await?;
    drop(stream);

    let heard = StreamReader::new(office).read_to_end().await?;
    say!("the office hears: {}", String::from_utf8_lossy(&heard));
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
