//! A server of lines, as a protocol: `set KEY VALUE`, `get KEY`, `quit`.
//!
//! twin: same
//! clock: virtual
//! flag: --port P  listen there instead, for nc, until Ctrl-C

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::pending;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{Server, TcpStream};
use protocols::{Protocol, Transport, create_server};
use timers::sleep;
use trace::say;

/// What all connections share.
type Values = Rc<RefCell<HashMap<String, String>>>;

// ANCHOR: protocol
struct KeyValue {
    values: Values,
    buffer: Vec<u8>,
    transport: Option<Transport>,
}

impl Protocol for KeyValue {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.buffer.extend(data);
        while let Some(end) = self.buffer.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            self.line_received(String::from_utf8_lossy(&line[..end]).trim());
        }
        if self.buffer.len() > LONGEST {
            self.answer("too long");
            self.close();
        }
    }
}

const LONGEST: usize = 1024;
// ANCHOR_END: protocol

// ANCHOR: line
impl KeyValue {
    fn line_received(&mut self, line: &str) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words[..] {
            ["set", key, value] => {
                self.values.borrow_mut().insert(key.into(), value.into());
                self.answer("stored");
            }
            ["get", key] => {
                let value = self.values.borrow().get(key).cloned();
                self.answer(value.as_deref().unwrap_or("unknown"));
            }
            ["quit"] => self.close(),
            _ => self.answer("set KEY VALUE, get KEY, or quit"),
        }
    }

    fn answer(&self, text: &str) {
        if let Some(transport) = &self.transport {
            transport.write(format!("{text}\n").as_bytes());
        }
    }

    fn close(&self) {
        if let Some(transport) = &self.transport {
            transport.close();
        }
    }
}
// ANCHOR_END: line

// ANCHOR: main
/// Says these pieces, a second apart, and what comes back.
async fn call(name: char, address: SocketAddr, pieces: &[&str]) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in pieces {
        stream.write_all(piece.as_bytes()).await?;
        sleep(Duration::from_secs(1)).await;
    }
    stream.shutdown(Shutdown::Write)?;
    for line in hear(&stream).await?.lines() {
        say!("{name} hears: {line}");
    }
    Ok(())
}

async fn call_all() -> io::Result<()> {
    let server = serve(0)?;
    let address = server.local_addr();
    let pieces = ["set taxi 17 min", "utes\nget ta", "xi\nget bus\nfly\n"];
    call('A', address, &pieces).await?;
    call('B', address, &["get taxi\nquit\nget taxi\n"]).await?;
    call('C', address, &["x".repeat(2000).as_str()]).await
}
// ANCHOR_END: main

fn serve(port: u16) -> io::Result<Server> {
    let values = Values::default();
    create_server(SocketAddr::from(([127, 0, 0, 1], port)), move || KeyValue {
        values: Rc::clone(&values),
        buffer: Vec::new(),
        transport: None,
    })
}

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

/// For `nc 127.0.0.1 PORT`.
async fn listen(port: u16) -> io::Result<()> {
    let server = serve(port)?;
    let port = server.local_addr().port();
    say!("listening; talk to it with `nc 127.0.0.1 {port}`, end it with Ctrl-C");
    pending().await
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let failed = |error: io::Error| BadInput::new(error.to_string());
    if let Some(port) = args.number("port", 0..=u16::MAX)? {
        return net::run(Clock::real(), listen(port))
            .flatten()
            .map_err(failed);
    }
    let clock = Clock::real_if(args.real());
    net::run(clock, call_all()).flatten().map_err(failed)
}
