//! Forgetting the close together with the readiness: the end was told, and is waited for in vain.

use std::io::{self, Read, Write};
use std::time::Duration;

use chapter::{Args, BadInput};
use mio::{Events, Interest, Poll, Token};
use trace::say;

use crate::programs::would_block::connection;

fn hear_to_the_end() -> io::Result<()> {
    let (mut passenger, socket) = connection()?;
    let mut socket = mio::net::TcpStream::from_std(socket);
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(8);
    poll.registry()
        .register(&mut socket, Token(0), Interest::READABLE)?;

    // ANCHOR: main
    passenger.write_all(b"taxi!")?;
    drop(passenger);
    let mut closed = false;
    while !closed {
        poll.poll(&mut events, Some(Duration::from_secs(30)))?;
        closed = events.iter().any(|event| event.is_read_closed());
    }
    say!("told: there is something to read, and the other side has closed");
    let mut ready = true;
    for _ in 0..2 {
        if !ready {
            poll.poll(&mut events, Some(Duration::from_millis(200)))?;
            if events.is_empty() {
                say!("no event for 200 ms: the end will not be told again");
                return Ok(());
            }
        }
        let mut buffer = [0; 100];
        let length = socket.read(&mut buffer)?;
        say!("read: {length} bytes of 100, so the socket must be empty");
        ready = false;
    }
    // ANCHOR_END: main
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    hear_to_the_end().map_err(|error| BadInput::new(error.to_string()))
}
