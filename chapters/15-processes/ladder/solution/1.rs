//! Chapter 15, by me.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read};
use std::rc::Rc;

use mio::net::UnixStream;
use signal_hook::{SigId, low_level};

use crate::readiness::{Direction, Reactor, Socket};

/// A signal that is listened for.
pub struct Signal {
    /// Where the handler's bytes arrive.
    bytes: UnixStream,
    socket: Rc<Socket>,
    handler: SigId,
}

impl Signal {
    pub fn new(reactor: &Reactor, number: i32) -> io::Result<Signal> {
        let (mut bytes, handlers) = UnixStream::pair()?;
        let socket = reactor.watch(&mut bytes)?;
        let handler = low_level::pipe::register(number, handlers)?;
        Ok(Signal {
            bytes,
            socket,
            handler,
        })
    }

    pub async fn recv(&mut self) -> io::Result<()> {
        let mut came = false;
        let mut take = || loop {
            match (&self.bytes).read(&mut [0; 64]) {
                Err(error) if came && error.kind() == ErrorKind::WouldBlock => {
                    return Ok(());
                }
                read => came = read? > 0,
            }
        };
        poll_fn(|context| self.socket.attempt(Direction::Read, context, &mut take)).await
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        low_level::unregister(self.handler);
    }
}
