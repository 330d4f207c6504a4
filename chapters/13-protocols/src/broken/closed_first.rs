//! A protocol that closes, and then says goodbye.
//!
//! twin: same
//! clock: virtual

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use trace::say;

// ANCHOR: main
struct Porter;

impl Protocol for Porter {
    fn connection_made(&mut self, transport: Transport) {
        transport.write(b"we are closed. ");
        transport.close();
        transport.write(b"come back tomorrow.");
    }

    fn data_received(&mut self, _: &[u8]) {}
}

async fn call() -> io::Result<()> {
    let server = create_server(([127, 0, 0, 1], 0).into(), || Porter)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let (mut heard, mut buffer) = (Vec::new(), [0; 64]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => break,
            length => heard.extend(&buffer[..length]),
        }
    }
    say!("hears: {:?}", String::from_utf8_lossy(&heard));
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
