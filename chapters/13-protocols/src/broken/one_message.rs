//! A protocol that takes each call of data_received for a message.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, create_server};
use timers::sleep;
use trace::say;

// ANCHOR: main
struct Orders;

impl Protocol for Orders {
    fn data_received(&mut self, data: &[u8]) {
        say!("an order: {}", String::from_utf8_lossy(data));
    }
}

async fn call() -> io::Result<()> {
    let server = create_server(([127, 0, 0, 1], 0).into(), || Orders)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    stream.write_all(b"to the opera.").await?;
    stream.write_all(b"to the station.").await?;
    sleep(Duration::from_secs(1)).await;
    // A slow line.
    stream.write_all(b"not to the air").await?;
    sleep(Duration::from_secs(1)).await;
    stream.write_all(b"port.").await?;
    sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
