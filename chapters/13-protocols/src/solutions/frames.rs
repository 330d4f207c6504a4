//! Frames: a byte that says how long a message is, and the message.
//!
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
#[derive(Default)]
struct Frames {
    buffer: Vec<u8>,
    transport: Option<Transport>,
}

impl Protocol for Frames {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.buffer.extend(data);
        while let Some(length) = self.buffer.first().copied().map(usize::from)
            && self.buffer.len() > length
        {
            let frame: Vec<u8> = self.buffer.drain(..=length).collect();
            self.frame_received(&frame[1..]);
        }
    }
}

impl Frames {
    fn frame_received(&self, frame: &[u8]) {
        match (frame, &self.transport) {
            ([], Some(transport)) => transport.close(),
            _ => say!("{} s  {}", now().as_secs(), String::from_utf8_lossy(frame)),
        }
    }
}

async fn call() -> io::Result<()> {
    let server = create_server(([127, 0, 0, 1], 0).into(), Frames::default)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    for piece in b"\x04taxi\x0cto the opera\0".chunks(5) {
        stream.write_all(piece).await?;
        sleep(Duration::from_secs(1)).await;
    }
    let end = stream.read(&mut [0]).await?;
    say!("{} s  the end: {}", now().as_secs(), end == 0);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
