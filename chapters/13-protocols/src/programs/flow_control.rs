//! Flow control: the peer does not read, the buffer grows over its high mark, and the writer is told.
//!
//! rows: P20
//! twin: same
//! clock: virtual

use std::cell::Cell;
use std::fmt::Display;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use net::{SockRef, TcpListener};
use protocols::{Protocol, Transport, create_connection, drive};
use task_cell::spawn;
use timers::{call_later, now, sleep, sleep_until};
use trace::say;

const MIB: usize = 1 << 20;

// ANCHOR: slow
/// Reads nothing before 10 s.
struct Slow {
    heard: Rc<Cell<usize>>,
}

impl Protocol for Slow {
    fn connection_made(&mut self, transport: Transport) {
        transport.pause_reading();
        call_later(Duration::from_secs(10), move || transport.resume_reading());
    }

    fn data_received(&mut self, data: &[u8]) {
        self.heard.update(|heard| heard + data.len());
    }
}
// ANCHOR_END: slow

// ANCHOR: writer
/// Is told when to pause.
struct Writer {
    transport: Option<Transport>,
    paused: Rc<Cell<bool>>,
}

impl Protocol for Writer {
    fn connection_made(&mut self, transport: Transport) {
        transport.set_write_buffer_limits(10 * MIB, 5 * MIB);
        self.transport = Some(transport);
    }

    fn data_received(&mut self, _: &[u8]) {}

    fn pause_writing(&mut self) {
        self.paused.set(true);
        if let Some(transport) = &self.transport {
            tell(format_args!("client: pause_writing, {}", buffer(transport)));
        }
    }

    fn resume_writing(&mut self) {
        self.paused.set(false);
        tell("client: resume_writing");
    }
}
// ANCHOR_END: writer

// ANCHOR: write
/// Writes 4 MiB every two seconds, six times, unless it is to pause.
async fn write(transport: Transport, paused: Rc<Cell<bool>>) {
    let mut written = 0;
    while written < 6 {
        if paused.get() {
            tell("client: waits");
        } else {
            transport.write(&vec![0; 4 * MIB]);
            written += 1;
            tell(format_args!("client: has written, {}", buffer(&transport)));
        }
        sleep(Duration::from_secs(2)).await;
    }
    transport.close();
}
// ANCHOR_END: write

// ANCHOR: fill
/// Writes until the operating system takes no more, and half a MiB for our own buffer. Says how much that was.
async fn fill(transport: &Transport) -> usize {
    let mut filled = 0;
    while transport.write_buffer_size() == 0 {
        while transport.write_buffer_size() == 0 {
            transport.write(&[0; 1024]);
            filled += 1024;
        }
        // It may make room once more.
        sleep(Duration::from_millis(1)).await;
    }
    // What little it may yet take is not seen among whole MiB.
    transport.write(&vec![0; MIB / 2]);
    filled + MIB / 2
}

fn buffer(transport: &Transport) -> String {
    format!("buffer: {} MiB", transport.write_buffer_size() / MIB)
}
// ANCHOR_END: fill

fn tell(what: impl Display) {
    say!("{:2} s  {what}", now().as_secs());
}

// ANCHOR: main
async fn call() -> io::Result<()> {
    let heard = Rc::new(Cell::new(0));
    let counted = Rc::clone(&heard);
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let server = net::serve(listener, move |stream| {
        let heard = Rc::clone(&counted);
        // What is kept for who does not read may grow to megabytes, and at any time: so its size is set.
        let fixed = SockRef::from(&stream).set_recv_buffer_size(64 << 10);
        fixed.expect("a buffer's size can be set");
        drive(stream, Slow { heard })
    })?;
    let paused = Rc::new(Cell::new(false));
    let writer = Writer {
        transport: None,
        paused: Rc::clone(&paused),
    };
    let address = server.local_addr();
    let (transport, _) = create_connection(address, || writer).await?;
    let filled = fill(&transport).await;
    sleep_until(Time::from_secs(1)).await;
    let _written = spawn(write(transport, paused));
    sleep(Duration::from_secs(30)).await;
    tell(format_args!("server: heard {} bytes", heard.get() - filled));
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
