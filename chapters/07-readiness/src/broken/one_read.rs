//! One read for each event: what is left in the socket is never told again.

use std::io::{self, Read, Write};
use std::time::Duration;

use chapter::{Args, BadInput};
use mio::{Events, Interest, Poll, Token};
use trace::say;

use crate::programs::would_block::connection;

// ANCHOR: main
fn read_once_an_event() -> io::Result<()> {
    let (mut passenger, socket) = connection()?;
    let mut socket = mio::net::TcpStream::from_std(socket);
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(8);
    poll.registry()
        .register(&mut socket, Token(0), Interest::READABLE)?;

    passenger.write_all(b"a taxi, please")?;
    let mut heard = String::new();
    while heard.len() < 14 {
        poll.poll(&mut events, Some(Duration::from_millis(200)))?;
        if events.is_empty() {
            say!("no event for 200 ms: 14 bytes were sent, and these read: \"{heard}\"");
            return Ok(());
        }
        let mut buffer = [0; 6];
        let length = socket.read(&mut buffer)?;
        heard += &String::from_utf8_lossy(&buffer[..length]);
    }
    say!("heard: {heard}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    read_once_an_event().map_err(|error| BadInput::new(error.to_string()))
}
