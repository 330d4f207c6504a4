//! The life of a connection: which calls a protocol gets, and when.
//!
//! rows: P20 P49
//! twin: same
//! clock: virtual

use std::io;
use std::net::Shutdown;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use timers::{now, sleep};
use trace::say;

// ANCHOR: protocol
/// Says what it is told.
#[derive(Default)]
struct Told {
    transport: Option<Transport>,
}

impl Protocol for Told {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
        tell("connection_made");
    }

    fn data_received(&mut self, data: &[u8]) {
        tell(format_args!("data_received({:?})", text(data)));
        if let Some(transport) = &self.transport
            && data == b"goodbye"
        {
            transport.write(b"until tomorrow");
            transport.close();
        }
    }

    fn eof_received(&mut self) -> bool {
        tell("eof_received");
        false
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        match error {
            None => tell("connection_lost(None)"),
            Some(error) => tell(format_args!("connection_lost({:?})", error.kind())),
        }
    }
}
// ANCHOR_END: protocol

fn tell(what: impl std::fmt::Display) {
    say!("{:2} s  {what}", now().as_secs());
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

// ANCHOR: main
/// A second before each word.
async fn speak(stream: &TcpStream, words: &[&str]) -> io::Result<()> {
    for word in words {
        sleep(Duration::from_secs(1)).await;
        stream.write_all(word.as_bytes()).await?;
    }
    Ok(())
}

async fn call() -> io::Result<()> {
    let server = create_server(([127, 0, 0, 1], 0).into(), Told::default)?;
    let address = server.local_addr();

    tell("A calls, and ends her half after three words");
    let stream = TcpStream::connect(address).await?;
    speak(&stream, &["good evening", "a taxi, ", "please"]).await?;
    sleep(Duration::from_secs(1)).await;
    stream.shutdown(Shutdown::Write)?;
    hear(&stream).await?;
    drop(stream);

    tell("B calls, and says goodbye");
    let stream = TcpStream::connect(address).await?;
    speak(&stream, &["goodbye"]).await?;
    let heard = hear(&stream).await?;
    tell(format_args!("B hears {heard:?}, and the end"));
    drop(stream);

    tell("C calls, and is cut off");
    let stream = TcpStream::connect(address).await?;
    speak(&stream, &["a taxi"]).await?;
    sleep(Duration::from_secs(1)).await;
    cut_off(stream)?;
    sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

/// All that comes until the end.
async fn hear(stream: &TcpStream) -> io::Result<String> {
    let (mut all, mut buffer) = (Vec::new(), [0; 64]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(text(&all).into_owned()),
            length => all.extend(&buffer[..length]),
        }
    }
}

/// Closes with a reset instead of an end.
fn cut_off(stream: TcpStream) -> io::Result<()> {
    stream.options().set_linger(Some(Duration::ZERO))
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
