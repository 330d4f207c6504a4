//! The echo, by callbacks on readiness: everything else is ours to do.
//!
//! rows: P20
//! twin: same

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::rc::Rc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use mio::net::{TcpListener, TcpStream};
use readiness::{Io, Readiness};
use task_cell::spawn;

use crate::programs::echo_streams::call;

// ANCHOR: watch
/// Called when its socket is ready. `WouldBlock`: it is to be called again.
type Callback = fn(&Rc<Echo>, &TcpStream) -> io::Result<()>;

struct Echo {
    conn: Io<TcpStream>,
    to_send: RefCell<Vec<u8>>,
    ended: Cell<bool>,
}

impl Echo {
    /// asyncio's `add_reader` and `add_writer`.
    fn watch(self: &Rc<Echo>, way: Readiness, callback: Callback) {
        let echo = Rc::clone(self);
        let calls =
            async move { echo.conn.run(way, |stream| callback(&echo, stream)).await };
        let _detached = spawn(calls);
    }
    // ANCHOR_END: watch

    // ANCHOR: echo
    fn can_read(self: &Rc<Echo>, mut stream: &TcpStream) -> io::Result<()> {
        let mut buffer = [0; 65536];
        let length = stream.read(&mut buffer)?;
        self.ended.set(length == 0);
        self.to_send.borrow_mut().extend(&buffer[..length]);
        // And no more of `can_read` until that is sent.
        self.watch(Readiness::Write, Echo::can_write);
        Ok(())
    }

    fn can_write(self: &Rc<Echo>, mut stream: &TcpStream) -> io::Result<()> {
        let mut to_send = self.to_send.borrow_mut();
        while !to_send.is_empty() {
            let sent = stream.write(&to_send)?;
            to_send.drain(..sent);
        }
        // Watched no more, it is dropped, and that closes it.
        if !self.ended.get() {
            self.watch(Readiness::Read, Echo::can_read);
        }
        Ok(())
    }
    // ANCHOR_END: echo
}

// ANCHOR: main
async fn serve(listener: Io<TcpListener>) -> io::Result<()> {
    loop {
        let (conn, _) = listener.run(Readiness::Read, TcpListener::accept).await?;
        let echo = Rc::new(Echo {
            conn: Io::new(conn)?,
            to_send: RefCell::default(),
            ended: Cell::new(false),
        });
        echo.watch(Readiness::Read, Echo::can_read);
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        let _server = spawn(serve(Io::new(listener)?));
        call(address).await
    })
    .flatten()
    .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
