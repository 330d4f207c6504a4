//! An echo without pause_writing: whoever sends and does not listen fills our memory.
//!
//! twin: same
//! clock: virtual

use std::cell::OnceCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use net::{SockRef, TcpStream};
use protocols::{Protocol, Transport, create_server};
use timers::sleep;
use trace::say;

const MIB: usize = 1 << 20;

// ANCHOR: main
/// Sends 8 MiB a second, and reads nothing.
async fn call(address: SocketAddr, echo: &OnceCell<Transport>) -> io::Result<()> {
    let stream = connect(address).await?;
    sleep(Duration::from_secs(1)).await;
    for sent in [8, 16, 24, 32] {
        stream.write_all(&vec![0; 8 * MIB]).await?;
        sleep(Duration::from_secs(1)).await;
        if let Some(transport) = echo.get() {
            let buffered = transport.write_buffer_size() / MIB;
            say!("sent: {sent} MiB, buffered by the server: {buffered} MiB");
        }
    }
    Ok(())
}

struct Echo {
    transport: Rc<OnceCell<Transport>>,
}

impl Protocol for Echo {
    fn data_received(&mut self, data: &[u8]) {
        if let Some(transport) = self.transport.get() {
            transport.write(data);
        }
    }
    // ANCHOR_END: main

    fn connection_made(&mut self, transport: Transport) {
        let _made_once = self.transport.set(transport);
    }
}

/// What the operating system keeps for who does not listen may grow to megabytes, and at any time: so its size is set.
async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    SockRef::from(&stream).set_recv_buffer_size(64 << 10)?;
    Ok(stream)
}

/// Has the operating system's buffers full from the beginning, and half a MiB in ours: what little they may yet take is
/// not seen among whole MiB.
async fn fill(echo: &OnceCell<Transport>) {
    sleep(Duration::from_millis(1)).await;
    if let Some(transport) = echo.get() {
        while transport.write_buffer_size() == 0 {
            while transport.write_buffer_size() == 0 {
                transport.write(&[0; 1024]);
            }
            sleep(Duration::from_millis(1)).await;
        }
        transport.write(&vec![0; MIB / 2]);
    }
}

async fn call_full() -> io::Result<()> {
    let echo = Rc::new(OnceCell::new());
    let transport = Rc::clone(&echo);
    let server = create_server(([127, 0, 0, 1], 0).into(), move || Echo {
        transport: Rc::clone(&transport),
    })?;
    let address = server.local_addr();
    join(call(address, &echo), fill(&echo)).await.0
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call_full())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
