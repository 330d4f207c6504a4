//! What a socket says that does not block, and how the operating system tells when to ask again.
//!
//! twin: same

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use chapter::{Args, BadInput};
use mio::{Events, Interest, Poll, Token};
use trace::say;

// ANCHOR: try
/// Tries once, and says what came of it.
fn try_to_read(mut socket: &mio::net::TcpStream) -> io::Result<()> {
    match socket.read(&mut [0; 100]) {
        Ok(0) => say!("read: the end"),
        Ok(length) => say!("read: {length} bytes"),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            say!("read: would block");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
// ANCHOR_END: try

// ANCHOR: watch
fn watch() -> io::Result<()> {
    let (mut passenger, socket) = connection()?;
    let mut socket = mio::net::TcpStream::from_std(socket);
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(8);
    poll.registry()
        .register(&mut socket, Token(0), Interest::READABLE)?;

    try_to_read(&socket)?;
    passenger.write_all(b"taxi!")?;
    say!("the passenger sends 5 bytes");
    poll.poll(&mut events, Some(Duration::from_secs(30)))?;
    say!(
        "the operating system tells of {} socket",
        events.iter().count()
    );
    try_to_read(&socket)?;
    try_to_read(&socket)?;
    drop(passenger);
    say!("the passenger hangs up");
    poll.poll(&mut events, Some(Duration::from_secs(30)))?;
    say!(
        "the operating system tells of {} socket",
        events.iter().count()
    );
    try_to_read(&socket)
}
// ANCHOR_END: watch

/// Two ends of a connection; the second does not block.
pub fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    server.set_nonblocking(true)?;
    Ok((client, server))
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    watch().map_err(|error| BadInput::new(error.to_string()))
}
