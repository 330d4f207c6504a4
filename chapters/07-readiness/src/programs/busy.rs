//! A socket that always has more to read, and a timer: both get their turns.
//!
//! twin: none, asyncio reads a socket at most once in each turn of its loop

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use timers::call_later;
use trace::say;

// ANCHOR: main
async fn pump() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let sender = TcpStream::connect(listener.local_addr()?).await?;
    let (receiver, _) = listener.accept().await?;

    let rung = Rc::new(Cell::new(false));
    let rings = Rc::clone(&rung);
    call_later(Duration::from_millis(10), move || rings.set(true));
    let mut buffer = [0; 64];
    while !rung.get() {
        sender.write_all(&buffer).await?;
        receiver.read(&mut buffer).await?;
    }
    say!("the timer came, though the socket never ran dry");
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::real(), pump())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
