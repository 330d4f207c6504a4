//! A stream on a protocol: data_received fills a buffer, and a coroutine reads from it.
//!
//! rows: P49
//! twin: same
//! clock: virtual

use std::cell::{Cell, OnceCell, RefCell};
use std::io;
use std::net::Shutdown;
use std::rc::Rc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use sync::{Notify, Queue};
use trace::say;

// ANCHOR: state
/// What a protocol and a coroutine share.
#[derive(Default)]
struct LineReader {
    buffer: RefCell<Vec<u8>>,
    ended: Cell<bool>,
    /// Chapter 10's: it wakes whoever reads.
    arrived: Notify,
    transport: OnceCell<Transport>,
}

/// The protocol's end of it.
struct Fills(Rc<LineReader>);
// ANCHOR_END: state

// ANCHOR: protocol
impl Protocol for Fills {
    fn connection_made(&mut self, transport: Transport) {
        let _made_once = self.0.transport.set(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.0.buffer.borrow_mut().extend(data);
        self.0.arrived.notify_one();
        if let Some(transport) = self.0.transport.get()
            && self.0.buffer.borrow().len() > 2 * LIMIT
        {
            say!("  (pause_reading)");
            transport.pause_reading();
        }
    }

    fn eof_received(&mut self) -> bool {
        self.0.ended.set(true);
        self.0.arrived.notify_one();
        true
    }
}
// ANCHOR_END: protocol

// ANCHOR: read
impl LineReader {
    /// The next line, or an empty one at the end.
    async fn read_line(&self) -> String {
        loop {
            if let Some(line) = self.take_line() {
                return line;
            }
            self.arrived.notified().await;
        }
    }

    fn take_line(&self) -> Option<String> {
        let mut buffer = self.buffer.borrow_mut();
        let line: Vec<u8> = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(end) => buffer.drain(..=end).collect(),
            None if self.ended.get() => buffer.split_off(0),
            None => return None,
        };
        let is_low = buffer.len() <= LIMIT;
        drop(buffer);
        if let Some(transport) = self.transport.get()
            && is_low
        {
            transport.resume_reading();
        }
        Some(String::from_utf8_lossy(&line).trim_end().to_string())
    }
}
// ANCHOR_END: read

const LIMIT: usize = 16;

// ANCHOR: main
async fn call() -> io::Result<()> {
    let accepted = Rc::new(Queue::unbounded());
    let queue = Rc::clone(&accepted);
    let server = create_server(([127, 0, 0, 1], 0).into(), move || {
        let reader = Rc::new(LineReader::default());
        let _never_full = queue.try_put(Rc::clone(&reader));
        Fills(reader)
    })?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let lines = b"good evening\na taxi, please\nto the opera\n";
    stream.write_all(lines).await?;
    stream.shutdown(Shutdown::Write)?;
    if let Ok(reader) = accepted.get().await {
        loop {
            match reader.read_line().await.as_str() {
                "" => break,
                line => say!("{line}"),
            }
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
