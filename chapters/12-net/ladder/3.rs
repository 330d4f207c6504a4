//! A writer that knows when it is full
//!
//! A `write` that waits makes its task as slow as the peer. One that never waits has to keep what the peer does not take,
//! and that may grow without end. asyncio's answer is two methods: `write` takes the bytes and returns, and `drain` waits
//! while too much is kept.
//!
//!     /// Where bytes go.
//!     pub trait Write {
//!         fn write_all(
//!             &self,
//!             bytes: &[u8],
//!         ) -> impl Future<Output = io::Result<()>>;
//!     }
//!
//!     impl Write for TcpStream { /* … */ }
//!     impl<W: Write> Write for Rc<W> { /* … */ }
//!
//!     /// Clones are the same writer.
//!     #[derive(Clone)]
//!     pub struct Writer(/* … */);
//!
//!     impl Writer {
//!         /// Has a task of `executor` send what is written.
//!         pub fn new(
//!             executor: &Executor,
//!             stream: impl Write + 'static,
//!             low: usize,
//!             high: usize,
//!         ) -> Writer
//!
//!         /// Takes the bytes, and never waits.
//!         pub fn write(&self, bytes: &[u8])
//!
//!         /// How many bytes are written and not sent.
//!         pub fn len(&self) -> usize
//!
//!         /// Returns at once, unless more than `high` bytes are
//!         /// not sent: then when no more than `low` are left.
//!         pub async fn drain(&self) -> io::Result<()>
//!
//!         /// Waits until all is sent. The task is over then, and
//!         /// has dropped the stream.
//!         pub async fn close(&self) -> io::Result<()>
//!     }
//!
//! The task sends 1024 bytes at a time, so that `len` says how far it has come. When the stream fails, nothing is sent any
//! more, and whoever waits gets the error: its `kind` is enough.
//!
//! needs: 5.4 6.4 7.5 9.2 10.2
//!
//! hint: Two wait for one another: the task for bytes, and `drain` for the task. One `Event` of chapter 10 is enough for
//! both: set it when anything has changed, and clear it at once. Whoever waits was woken, and looks again.
//!
//! hint: The task, in a loop: take up to 1024 bytes out of the buffer. There are none: end if it is closed, otherwise wait
//! for a change. There are some: send them, count them off, and tell of the change. `len` is a number of its own, since
//! the piece that is being sent is not in the buffer any more.
//!
//! hint: With `buffer: RefCell<Vec<u8>>`, `unsent: Cell<usize>`, `failed: Cell<Option<ErrorKind>>` and `changed: Event`:
//!
//!     async fn down_to(&self, most: usize) -> io::Result<()> {
//!         while self.len() > most && self.0.failed.get().is_none() {
//!             self.0.changed.wait().await;
//!         }
//!         self.0.failed.get().map_or(Ok(()), |it| Err(it.into()))
//!     }
//!
//! Then `drain` is `self.down_to(self.0.low).await` if more than `high` are left, and `close` is `down_to(0)`. The task:
//!
//!     loop {
//!         let piece: Vec<u8> = {
//!             let mut buffer = self.0.buffer.borrow_mut();
//!             let length = buffer.len().min(1024);
//!             buffer.drain(..length).collect()
//!         };
//!         if !piece.is_empty() {
//!             stream.write_all(&piece).await?;
//!             self.0.unsent.set(self.0.unsent.get() - piece.len());
//!             self.changed();
//!         } else if self.0.closed.get() {
//!             return Ok(());
//!         } else {
//!             self.0.changed.wait().await;
//!         }
//!     }
//!
//! done: Back-pressure, by two numbers. Why two? With one, a buffer about as full as the mark would make its writer stop
//! and go with every piece. asyncio's are 64 KiB and a quarter of it. So far for one connection; next, whoever accepts
//! them.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use mine::combinators::join_all;
use mine::net::{Reader, Write, Writer};
use mine::readiness::{Runtime, TcpListener, TcpStream, run};
use mine::timers::Timers;

/// Takes a second for whatever it is to send, and fails when it has sent so much.
struct Slow {
    timers: Timers,
    sent: Rc<RefCell<Vec<u8>>>,
    fails_at: usize,
    dropped: Rc<Cell<bool>>,
}

impl Write for Slow {
    async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        ladder::check!(!bytes.is_empty(), "it sends nothing, and waits for that");
        self.timers.sleep(Duration::from_secs(1)).await;
        let mut sent = self.sent.borrow_mut();
        if sent.len() >= self.fails_at {
            return Err(ErrorKind::ConnectionReset.into());
        }
        sent.extend(bytes);
        Ok(())
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.dropped.set(true);
    }
}

/// A writer with a slow stream, and what becomes of that.
struct Setup {
    runtime: Runtime,
    writer: Writer,
    sent: Rc<RefCell<Vec<u8>>>,
    dropped: Rc<Cell<bool>>,
}

impl Setup {
    fn new(runtime: Runtime, low: usize, high: usize, fails_at: usize) -> Setup {
        let (sent, dropped) = (Rc::default(), Rc::default());
        let slow = Slow {
            timers: runtime.timers.clone(),
            sent: Rc::clone(&sent),
            fails_at,
            dropped: Rc::clone(&dropped),
        };
        Setup {
            writer: Writer::new(&runtime.executor, slow, low, high),
            runtime,
            sent,
            dropped,
        }
    }

    fn now(&self) -> u64 {
        self.runtime.timers.now().as_secs()
    }
}

/// Bytes that can be told apart.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|it| (it % 251) as u8).collect()
}

fn well<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| ladder::fail(format_args!("it fails: {error}")))
}

async fn in_order(runtime: Runtime) {
    let it = Setup::new(runtime, 2048, 4096, usize::MAX);
    let bytes = pattern(3000);
    it.writer.write(&bytes[..1000]);
    it.writer.write(&bytes[1000..1500]);
    ladder::check!(
        it.writer.len() == 1500,
        "1500 bytes are written and none was sent, and len says {}",
        it.writer.len()
    );
    it.runtime.timers.sleep(Duration::from_millis(1500)).await;
    ladder::check!(
        it.writer.len() == 476,
        "after the first 1024 bytes 476 are left, and len says {}",
        it.writer.len()
    );
    it.writer.write(&bytes[1500..2000]);
    it.runtime.timers.sleep(Duration::from_secs(10)).await;
    ladder::check!(
        it.writer.len() == 0,
        "2000 bytes are sent in 2 s, and after 10 s {} are left: what is written while the task sends is sent next",
        it.writer.len()
    );
    it.writer.write(&bytes[2000..2500]);
    it.runtime.timers.sleep(Duration::from_secs(10)).await;
    ladder::check!(
        it.writer.len() == 0,
        "500 bytes were written when the task had nothing to do, and nobody has woken it: {} are left",
        it.writer.len()
    );
    it.writer.write(&bytes[2500..]);
    well(it.writer.close().await);
    ladder::check!(
        it.sent.borrow().len() == 3000,
        "3000 bytes were written, and {} were sent when close returned",
        it.sent.borrow().len()
    );
    ladder::check!(*it.sent.borrow() == bytes, "they were not sent in order");
    it.runtime.timers.sleep(Duration::from_secs(1)).await;
    ladder::check!(
        it.dropped.get(),
        "everything is sent and it is closed, and the task still holds the stream: the peer waits for the end"
    );
}

async fn marks(runtime: Runtime) {
    let it = Setup::new(runtime, 2048, 4096, usize::MAX);
    it.writer.write(&pattern(4096));
    well(it.writer.drain().await);
    ladder::check!(
        it.now() == 0,
        "4096 bytes are not more than the high mark, and drain waits for {} s",
        it.now()
    );
    it.writer.write(&pattern(2048));
    let both = vec![it.writer.drain(), it.writer.drain()];
    for drained in join_all(both).await {
        well(drained);
    }
    let (now, left) = (it.now(), it.writer.len());
    ladder::check!(
        now != 2,
        "drain returns as soon as no more than the high mark is left: it should wait for the low one"
    );
    ladder::check!(
        now == 4 && left == 2048,
        "of 6144 bytes, 1024 a second, 2048 are left after 4 s; drain returns after {now} s, with {left} left"
    );
}

async fn failure(runtime: Runtime) {
    let it = Setup::new(runtime, 0, 100, 1024);
    it.writer.write(&pattern(3000));
    let drained = it.writer.drain().await;
    ladder::check!(
        matches!(&drained, Err(error) if error.kind() == ErrorKind::ConnectionReset),
        "the stream has failed with ConnectionReset, and drain says {drained:?}"
    );
    let closed = it.writer.close().await;
    ladder::check!(
        closed.is_err(),
        "the stream has failed, and close says that everything was sent"
    );
}

async fn over_tcp(runtime: Runtime) -> Vec<String> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = well(TcpListener::bind(&runtime.reactor, anywhere));
    let address = well(listener.local_addr());
    let caller = well(TcpStream::connect(&runtime.reactor, address).await);
    let mut reader = Reader::new(well(listener.accept().await));
    let writer = Writer::new(&runtime.executor, Rc::new(caller), 0, 0);
    writer.write(b"a taxi, please\nthanks\n");
    let mut lines = vec![well(reader.line().await)];
    well(writer.close().await);
    lines.push(well(reader.line().await));
    lines.push(well(reader.line().await));
    lines
}

fn main() {
    ladder::tries("3000 bytes in three writes, sent at 1024 a second");
    ladder::hangs(
        "it never ends: does a write wake the task, and the task whoever closes?",
    );
    well(run(in_order));

    ladder::tries("marks of 2048 and 4096, and 6144 bytes");
    ladder::hangs("it never ends: does the task tell all who wait how far it has come?");
    well(run(marks));

    ladder::tries("a stream that fails, and somebody who waits in drain");
    ladder::hangs(
        "it never ends: what is not sent will never be, and whoever waits is to be told",
    );
    well(run(failure));

    ladder::tries("two lines over a connection, and its end");
    ladder::hangs(
        "it never ends: when it is closed, nobody may hold the stream any more",
    );
    let lines = well(run(over_tcp));
    ladder::check!(
        lines == ["a taxi, please\n", "thanks\n", ""],
        "it gives {lines:?}"
    );
}
