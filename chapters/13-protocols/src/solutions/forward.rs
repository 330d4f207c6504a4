//! A server that passes on all that it hears to another one, both ways, and no faster than that can read.
//!
//! clock: virtual

use std::cell::{Cell, OnceCell};
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_connection, create_server};
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// One side of it: its own transport, the other side's, and whether one of them has
/// heard the end.
#[derive(Clone, Default)]
struct Side {
    own: Rc<OnceCell<Transport>>,
    other: Rc<OnceCell<Transport>>,
    ended: Rc<Cell<bool>>,
    /// Where the first side finds the second.
    to: Option<SocketAddr>,
}

impl Side {
    fn other(&self, act: impl FnOnce(&Transport)) {
        if let Some(other) = self.other.get() {
            act(other);
        }
    }

    /// Connects the other side, and hears nothing before that.
    async fn connect(self, to: SocketAddr, transport: Transport) {
        let other = Side {
            own: self.other,
            other: self.own,
            ended: self.ended,
            to: None,
        };
        match create_connection(to, || other).await {
            Ok(_) => transport.resume_reading(),
            Err(_) => transport.abort(),
        }
    }
}

impl Protocol for Side {
    fn connection_made(&mut self, transport: Transport) {
        let _made_once = self.own.set(transport.clone());
        if let Some(to) = self.to {
            transport.pause_reading();
            let _connects = spawn(self.clone().connect(to, transport));
        }
    }

    fn data_received(&mut self, data: &[u8]) {
        self.other(|other| other.write(data));
    }

    fn eof_received(&mut self) -> bool {
        self.other(Transport::write_eof);
        // The second end is that of the connection.
        !self.ended.replace(true)
    }

    fn pause_writing(&mut self) {
        self.other(Transport::pause_reading);
    }

    fn resume_writing(&mut self) {
        self.other(Transport::resume_reading);
    }

    fn connection_lost(&mut self, _: Option<io::Error>) {
        self.other(Transport::close);
    }
}
// ANCHOR_END: main

#[derive(Default)]
struct Counter {
    heard: usize,
    transport: Option<Transport>,
}

impl Protocol for Counter {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.heard += data.len();
    }

    fn eof_received(&mut self) -> bool {
        if let Some(transport) = &self.transport {
            transport.write(format!("{} bytes", self.heard).as_bytes());
        }
        false
    }
}

async fn call() -> io::Result<()> {
    let counter = create_server(([127, 0, 0, 1], 0).into(), Counter::default)?;
    let to = counter.local_addr();
    let server = create_server(([127, 0, 0, 1], 0).into(), move || Side {
        to: Some(to),
        ..Side::default()
    })?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    stream.write_all(&vec![0; 8 << 20]).await?;
    stream.shutdown(Shutdown::Write)?;
    let mut heard = vec![0; 13];
    stream.read_exact(&mut heard).await?;
    say!("the counter has heard {}", String::from_utf8_lossy(&heard));
    let end = stream.read(&mut heard).await?;
    say!("and has hung up: {}", end == 0);
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
