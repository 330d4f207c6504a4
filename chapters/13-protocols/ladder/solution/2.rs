//! Chapter 13, by me.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use crate::combinators::race_all;
use crate::net::{Read, Write};
use crate::sync::Event;

/// What is to be done with what comes.
pub trait Protocol {
    fn connection_made(&mut self, transport: Transport) {
        let _ = transport;
    }

    fn data_received(&mut self, data: &[u8]);

    /// True keeps the connection until it is closed.
    fn eof_received(&mut self) -> bool {
        false
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        let _ = error;
    }
}

/// The connection, as its protocol has it. Clones are the same one.
#[derive(Clone, Default)]
pub struct Transport(Rc<Shared>);

#[derive(Default)]
struct Shared {
    buffer: RefCell<Vec<u8>>,
    /// What is in the buffer, and what is being sent.
    unsent: Cell<usize>,
    closing: Cell<bool>,
    /// Set when there is something new to do, and cleared at once.
    changed: Event,
}

impl Transport {
    pub fn write(&self, bytes: &[u8]) {
        if !self.is_closing() {
            self.0.buffer.borrow_mut().extend(bytes);
            self.0.unsent.set(self.len() + bytes.len());
            self.changed();
        }
    }

    pub fn len(&self) -> usize {
        self.0.unsent.get()
    }

    pub fn close(&self) {
        self.0.closing.set(true);
        self.changed();
    }

    pub fn is_closing(&self) -> bool {
        self.0.closing.get()
    }

    fn changed(&self) {
        self.0.changed.set();
        self.0.changed.clear();
    }

    /// What is to be sent next.
    fn piece(&self) -> Vec<u8> {
        let mut buffer = self.0.buffer.borrow_mut();
        let length = buffer.len().min(1024);
        buffer.drain(..length).collect()
    }
}

type Part<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + 'a>>;

pub async fn drive<S: Read + Write, P: Protocol>(stream: S, mut protocol: P) -> P {
    let transport = Transport::default();
    protocol.connection_made(transport.clone());
    let receives: Part<'_> = Box::pin(receive(&stream, &mut protocol, &transport));
    let sends: Part<'_> = Box::pin(send(&stream, &transport));
    let (_, ended) = race_all(vec![sends, receives]).await;
    protocol.connection_lost(ended.err());
    protocol
}

/// Ends well when the transport is closed and everything is sent.
async fn send(stream: &impl Write, transport: &Transport) -> io::Result<()> {
    loop {
        let piece = transport.piece();
        if !piece.is_empty() {
            stream.write_all(&piece).await?;
            transport.0.unsent.set(transport.len() - piece.len());
        } else if transport.is_closing() {
            return Ok(());
        } else {
            transport.0.changed.wait().await;
        }
    }
}

/// Never ends well: it is `send` that ends a connection.
async fn receive<P: Protocol>(
    stream: &impl Read,
    protocol: &mut P,
    transport: &Transport,
) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        if transport.is_closing() {
            return pending().await;
        }
        if length > 0 {
            protocol.data_received(&buffer[..length]);
            continue;
        }
        if !protocol.eof_received() {
            transport.close();
        }
        return pending().await;
    }
}
