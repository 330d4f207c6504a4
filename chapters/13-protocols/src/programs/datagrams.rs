//! A protocol for datagrams: each arrives whole, and there is no connection to lose.
//!
//! rows: P20
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use protocols::{DatagramProtocol, DatagramTransport, create_datagram_endpoint};
use timers::sleep;
use trace::say;

// ANCHOR: echo
#[derive(Default)]
struct Echo {
    transport: Option<DatagramTransport>,
}

impl DatagramProtocol for Echo {
    fn connection_made(&mut self, transport: DatagramTransport) {
        self.transport = Some(transport);
    }

    fn datagram_received(&mut self, data: &[u8], from: SocketAddr) {
        if let Some(transport) = &self.transport {
            transport.send_to(data, from);
        }
    }
}
// ANCHOR_END: echo

// ANCHOR: caller
struct Caller;

impl DatagramProtocol for Caller {
    fn datagram_received(&mut self, data: &[u8], _: SocketAddr) {
        say!("datagram_received({:?})", String::from_utf8_lossy(data));
    }

    fn error_received(&mut self, error: io::Error) {
        say!("error_received({:?})", error.kind());
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        say!("connection_lost({error:?})");
    }
}
// ANCHOR_END: caller

// ANCHOR: main
async fn call() -> io::Result<()> {
    let any = ([127, 0, 0, 1], 0).into();
    let (server, _) = create_datagram_endpoint(any, None, Echo::default)?;
    let (caller, _) = create_datagram_endpoint(any, server.local_addr(), || Caller)?;

    caller.send(b"good evening");
    caller.send(b"a taxi, please");
    sleep(Duration::from_secs(1)).await;

    say!("the server is gone");
    server.abort();
    sleep(Duration::from_secs(1)).await;
    caller.send(b"is anybody there?");
    sleep(Duration::from_secs(1)).await;
    caller.close();
    sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
