//! What eof_received answers: whether our half of the connection stays open.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::Shutdown;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use timers::{call_later, now, sleep};
use trace::say;

// ANCHOR: protocol
/// Counts words until the end, and needs two seconds for the answer.
struct Counter {
    keep_open: bool,
    transport: Option<Transport>,
    text: Vec<u8>,
}

impl Protocol for Counter {
    fn eof_received(&mut self) -> bool {
        let words = self.text.split(u8::is_ascii_whitespace).count();
        if let Some(transport) = self.transport.clone() {
            call_later(Duration::from_secs(2), move || answer(&transport, words));
        }
        self.keep_open
    }
    // ANCHOR_END: protocol

    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.text.extend(data);
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        tell(format_args!("server: connection_lost({error:?})"));
    }
}

// ANCHOR: answer
fn answer(transport: &Transport, words: usize) {
    if transport.is_closing() {
        return tell("server: has an answer, and nobody to give it to");
    }
    transport.write(format!("{words} words").as_bytes());
    transport.close();
}
// ANCHOR_END: answer

fn tell(what: impl std::fmt::Display) {
    say!("{:2} s  {what}", now().as_secs());
}

// ANCHOR: main
async fn call() -> io::Result<()> {
    trace::name(format_args!("client"));
    for keep_open in [false, true] {
        let server = create_server(([127, 0, 0, 1], 0).into(), move || Counter {
            keep_open,
            transport: None,
            text: Vec::new(),
        })?;
        let stream = TcpStream::connect(server.local_addr()).await?;
        stream.write_all(b"how many words are these").await?;
        stream.shutdown(Shutdown::Write)?;
        let answer = hear(&stream).await?;
        tell(format_args!("client: hears {answer:?}, and the end"));
        sleep(Duration::from_secs(5)).await;
    }
    Ok(())
}
// ANCHOR_END: main

/// All that comes until the end.
async fn hear(stream: &TcpStream) -> io::Result<String> {
    let (mut all, mut buffer) = (Vec::new(), [0; 64]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(String::from_utf8_lossy(&all).into_owned()),
            length => all.extend(&buffer[..length]),
        }
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
