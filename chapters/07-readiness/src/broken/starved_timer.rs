//! A task that goes on as long as its socket has more to read: the timer never comes.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{call_later, now};
use trace::say;

// ANCHOR: main
async fn pump() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let mut sender = TcpStream::connect(listener.local_addr()?)?;
    let (mut receiver, _) = listener.accept()?;

    let rung = Rc::new(Cell::new(false));
    let rings = Rc::clone(&rung);
    let timer = call_later(Duration::from_millis(10), move || rings.set(true));
    let mut buffer = [0; 64];
    while !rung.get() {
        if now() > timer.when().saturating_add(Duration::from_millis(290)) {
            say!("the timer is 290 ms late: the loop has had no turn to look at it");
            return Ok(());
        }
        // Ready each time, so nothing here ever waits.
        sender.write_all(&buffer)?;
        receiver.read_exact(&mut buffer)?;
    }
    say!("the timer came, though the socket never ran dry");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::real(), pump())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
