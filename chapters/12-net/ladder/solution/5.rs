//! Chapter 12, by me.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::combinators::race_all;
use crate::readiness::{Runtime, TcpListener, TcpStream};
use crate::sync::Event;
use crate::tasks::Executor;
use crate::timers::Timers;

/// Where bytes come from.
pub trait Read {
    /// Waits for some bytes; how many. 0 is the end.
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>>;
}

impl Read for TcpStream {
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        TcpStream::read(self, buffer)
    }
}

impl<R: Read> Read for Rc<R> {
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        R::read(self, buffer)
    }
}

/// Lines out of pieces.
pub struct Reader<R> {
    stream: R,
    /// How long a line may be, with its line feed.
    limit: usize,
    /// What was read and not taken.
    buffer: Vec<u8>,
}

impl<R: Read> Reader<R> {
    pub fn new(stream: R) -> Reader<R> {
        Reader::with_limit(stream, 65_536)
    }

    pub fn with_limit(stream: R, limit: usize) -> Reader<R> {
        Reader {
            stream,
            limit,
            buffer: Vec::new(),
        }
    }

    fn take(&mut self, length: usize) -> String {
        let line: Vec<u8> = self.buffer.drain(..length).collect();
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Reads once; false at the end.
    async fn fill(&mut self) -> io::Result<bool> {
        let mut piece = [0; 1024];
        let length = self.stream.read(&mut piece).await?;
        self.buffer.extend(&piece[..length]);
        Ok(length > 0)
    }

    pub async fn line(&mut self) -> io::Result<String> {
        loop {
            let feed = self.buffer.iter().position(|it| *it == b'\n');
            // Without one, it has a byte more at least.
            let length = feed.map_or(self.buffer.len() + 1, |it| it + 1);
            if length > self.limit {
                return Err(ErrorKind::InvalidData.into());
            }
            if feed.is_some() {
                return Ok(self.take(length));
            }
            if !self.fill().await? {
                return Ok(self.take(self.buffer.len()));
            }
        }
    }

    pub async fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < count {
            if !self.fill().await? {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.drain(..count).collect())
    }
}

/// Where bytes go.
pub trait Write {
    fn write_all(&self, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;
}

impl Write for TcpStream {
    fn write_all(&self, bytes: &[u8]) -> impl Future<Output = io::Result<()>> {
        TcpStream::write_all(self, bytes)
    }
}

impl<W: Write> Write for Rc<W> {
    fn write_all(&self, bytes: &[u8]) -> impl Future<Output = io::Result<()>> {
        W::write_all(self, bytes)
    }
}

/// Takes bytes that a task sends. Clones are the same writer.
#[derive(Clone)]
pub struct Writer(Rc<Outgoing>);

struct Outgoing {
    buffer: RefCell<Vec<u8>>,
    /// What is in the buffer, and what the task has taken out of it.
    unsent: Cell<usize>,
    low: usize,
    high: usize,
    closed: Cell<bool>,
    failed: Cell<Option<ErrorKind>>,
    /// Set when any of these changes, and cleared at once.
    changed: Event,
}

impl Writer {
    pub fn new(
        executor: &Executor,
        stream: impl Write + 'static,
        low: usize,
        high: usize,
    ) -> Writer {
        let writer = Writer(Rc::new(Outgoing {
            buffer: RefCell::default(),
            unsent: Cell::new(0),
            low,
            high,
            closed: Cell::new(false),
            failed: Cell::new(None),
            changed: Event::new(),
        }));
        let sends = writer.clone();
        executor.spawn(async move {
            if let Err(error) = sends.send_to(stream).await {
                sends.0.failed.set(Some(error.kind()));
                sends.changed();
            }
        });
        writer
    }

    fn changed(&self) {
        self.0.changed.set();
        self.0.changed.clear();
    }

    async fn send_to(&self, stream: impl Write) -> io::Result<()> {
        loop {
            let piece: Vec<u8> = {
                let mut buffer = self.0.buffer.borrow_mut();
                let length = buffer.len().min(1024);
                buffer.drain(..length).collect()
            };
            if !piece.is_empty() {
                stream.write_all(&piece).await?;
                self.0.unsent.set(self.0.unsent.get() - piece.len());
                self.changed();
            } else if self.0.closed.get() {
                return Ok(());
            } else {
                self.0.changed.wait().await;
            }
        }
    }

    pub fn write(&self, bytes: &[u8]) {
        self.0.buffer.borrow_mut().extend(bytes);
        self.0.unsent.set(self.0.unsent.get() + bytes.len());
        self.changed();
    }

    pub fn len(&self) -> usize {
        self.0.unsent.get()
    }

    /// Waits until no more than `most` bytes are left, or none will be sent any more.
    async fn down_to(&self, most: usize) -> io::Result<()> {
        while self.len() > most && self.0.failed.get().is_none() {
            self.0.changed.wait().await;
        }
        self.0.failed.get().map_or(Ok(()), |kind| Err(kind.into()))
    }

    pub async fn drain(&self) -> io::Result<()> {
        let is_full = self.len() > self.0.high;
        self.down_to(if is_full { self.0.low } else { usize::MAX })
            .await
    }

    pub async fn close(&self) -> io::Result<()> {
        self.0.closed.set(true);
        self.changed();
        self.down_to(0).await
    }
}

/// Whether `accept` has failed for one caller, who is gone.
fn is_the_callers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
    )
}

pub async fn accept_next<T>(
    timers: &Timers,
    accept: impl AsyncFn() -> io::Result<T>,
) -> T {
    loop {
        match accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_the_callers(&error) => {}
            // No descriptor is left, perhaps: others need time to close one.
            Err(_) => timers.sleep(Duration::from_secs(1)).await,
        }
    }
}

/// A task that accepts, and one for each connection. Clones are the same server.
#[derive(Clone)]
pub struct Server(Rc<Serving>);

struct Serving {
    timers: Timers,
    /// How many connections there are.
    under_way: Cell<usize>,
    /// It accepts no more; and cuts off whoever is left.
    closed: Event,
    cut: Event,
    /// Set when a connection is over, and cleared at once.
    left: Event,
}

impl Server {
    pub fn start<F: Future<Output = ()> + 'static>(
        runtime: &Runtime,
        listener: TcpListener,
        handle: impl Fn(TcpStream) -> F + 'static,
    ) -> Server {
        let server = Server(Rc::new(Serving {
            timers: runtime.timers.clone(),
            under_way: Cell::new(0),
            closed: Event::new(),
            cut: Event::new(),
            left: Event::new(),
        }));
        let (serving, executor) = (server.clone(), runtime.executor.clone());
        runtime.executor.spawn(async move {
            let accepts = async {
                loop {
                    let accept = async || listener.accept().await;
                    let stream = accept_next(&serving.0.timers, accept).await;
                    serving.0.under_way.set(serving.0.under_way.get() + 1);
                    executor.spawn(serving.clone().serve(handle(stream)));
                }
            };
            // The listener is dropped after it.
            until(&serving.0.closed, accepts).await;
        });
        server
    }

    /// Lets one connection go on until it is over, or cut off.
    async fn serve(self, connection: impl Future<Output = ()>) {
        until(&self.0.cut, connection).await;
        self.0.under_way.set(self.0.under_way.get() - 1);
        self.0.left.set();
        self.0.left.clear();
    }

    pub fn close(&self) {
        self.0.closed.set();
    }

    /// Waits until no connection is left.
    async fn is_empty(&self) {
        while self.0.under_way.get() > 0 {
            self.0.left.wait().await;
        }
    }

    pub async fn shutdown(&self, limit: Duration) -> usize {
        self.close();
        let _elapsed = self
            .0
            .timers
            .timeout(limit, Box::pin(self.is_empty()))
            .await;
        let left = self.0.under_way.get();
        self.0.cut.set();
        self.is_empty().await;
        left
    }
}

/// Awaits `future`, or `event` if that comes first: then `future` is dropped.
async fn until(event: &Event, future: impl Future<Output = ()>) {
    let future: Pin<Box<dyn Future<Output = ()> + '_>> = Box::pin(future);
    race_all(vec![future, Box::pin(event.wait())]).await;
}
