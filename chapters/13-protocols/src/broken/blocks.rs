//! A protocol that blocks in data_received: the loop stands still, and so do all other connections.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpStream;
use protocols::{Protocol, Transport, create_server};
use task_cell::spawn;
use timers::sleep;
use trace::say;

// ANCHOR: main
#[derive(Default)]
struct LooksUp {
    transport: Option<Transport>,
}

impl Protocol for LooksUp {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, _: &[u8]) {
        // A database that takes its time.
        thread::sleep(Duration::from_millis(300));
        if let Some(transport) = &self.transport {
            transport.write(b"17 minutes");
        }
    }
}

// ANCHOR_END: main

async fn call() -> io::Result<()> {
    let server = create_server(([127, 0, 0, 1], 0).into(), LooksUp::default)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let longest = Rc::new(Cell::new(Duration::ZERO));
    let _ticks = spawn(tick(Rc::clone(&longest)));
    stream.write_all(b"when?").await?;
    let heard = stream.read(&mut [0; 64]).await?;
    assert_eq!(heard, 10);
    sleep(Duration::from_millis(20)).await;
    let late = longest.get() >= Duration::from_millis(200);
    say!("a tick of 10 ms took 200 ms or more: {late}");
    Ok(())
}

/// Ticks every 10 ms, and keeps the longest tick.
async fn tick(longest: Rc<Cell<Duration>>) {
    loop {
        let start = Instant::now();
        sleep(Duration::from_millis(10)).await;
        longest.set(longest.get().max(start.elapsed()));
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
