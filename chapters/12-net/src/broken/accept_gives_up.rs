//! A server whose loop ends at the first error of `accept`: it was only that too many files were open.
//!
//! twin: none, asyncio's own server accepts
//! needs: unix

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;
use crate::programs::no_room::one_more_file;

// ANCHOR: main
async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?; // Chapter 7's.
        let _served_alone = spawn(async move { stream.write_all(b"hello\n").await });
    }
}

async fn calls() -> io::Result<()> {
    let listener = TcpListener::bind(local(0))?;
    let address = listener.local_addr()?;
    let server = spawn(serve(listener));
    let _limit = one_more_file()?;
    let caller = TcpStream::connect(address).await?;
    if let Ok(Err(_)) = server.await {
        say!("{} s  the server has ended by an error", now().as_secs());
    }
    drop(caller);
    sleep(Duration::from_secs(1)).await;
    if TcpStream::connect(address).await.is_err() {
        say!("{} s  the next caller is refused", now().as_secs());
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), calls())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
