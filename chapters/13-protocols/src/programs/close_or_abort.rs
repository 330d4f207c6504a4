//! close sends what is still buffered, and abort does not.
//!
//! twin: same
//! clock: virtual

use std::fmt::Display;
use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use timers::{now, sleep};
use trace::say;

const MUCH: usize = 16 << 20;

// ANCHOR: ends
/// Writes 16 MiB, which no operating system takes at once, and ends the connection.
struct Ends {
    end: fn(&Transport),
}

impl Protocol for Ends {
    fn connection_made(&mut self, transport: Transport) {
        transport.write(&vec![0; MUCH]);
        (self.end)(&transport);
    }

    fn data_received(&mut self, _: &[u8]) {}

    fn connection_lost(&mut self, error: Option<io::Error>) {
        tell(format_args!("server: connection_lost({error:?})"));
    }
}
// ANCHOR_END: ends

fn tell(what: impl Display) {
    say!("{:2} s  {what}", now().as_secs());
}

// ANCHOR: main
async fn call() -> io::Result<()> {
    let ends: [(_, fn(&Transport)); 2] =
        [("close", Transport::close), ("abort", Transport::abort)];
    for (name, end) in ends {
        tell(name);
        let server = create_server(([127, 0, 0, 1], 0).into(), move || Ends { end })?;
        let stream = TcpStream::connect(server.local_addr()).await?;
        sleep(Duration::from_secs(5)).await;
        let all = if hear(&stream).await? == MUCH {
            "all"
        } else {
            "not all"
        };
        tell(format_args!("client: hears {all} of it, and the end"));
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
// ANCHOR_END: main

/// How many bytes come until the end.
async fn hear(stream: &TcpStream) -> io::Result<usize> {
    let (mut all, mut buffer) = (0, vec![0; 65536]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(all),
            length => all += length,
        }
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
