//! Chapter 13, by me.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use crate::combinators::race_all;
use crate::net::Read;
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
    closing: Event,
}

impl Transport {
    pub fn close(&self) {
        self.0.closing.set();
    }

    pub fn is_closing(&self) -> bool {
        self.0.closing.is_set()
    }
}

type Part<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + 'a>>;

pub async fn drive<S: Read, P: Protocol>(stream: S, mut protocol: P) -> P {
    let transport = Transport::default();
    protocol.connection_made(transport.clone());
    let receives: Part<'_> = Box::pin(receive(&stream, &mut protocol, &transport));
    let closed: Part<'_> = Box::pin(async {
        transport.0.closing.wait().await;
        Ok(())
    });
    // The close is looked at first.
    let (_, ended) = race_all(vec![closed, receives]).await;
    protocol.connection_lost(ended.err());
    protocol
}

/// Never ends well: it is the close that ends a connection.
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
