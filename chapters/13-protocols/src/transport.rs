//! What a protocol writes to.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use futures_io::{AsyncRead, AsyncWrite};
use wakers::discard;

use crate::Protocol;
use crate::calls::Calls;
use crate::scratch::{keep_scratch, scratch};

/// Bytes both ways.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

// ANCHOR: transport
/// A connection, as its protocol has it: what is written goes out when there is room, and
/// nothing ever waits.
///
/// A cheap handle: clones are the same connection. When it is lost, its handles do
/// nothing any more; that of the last one is no close.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{Protocol, Transport, create_connection, create_server};
/// use std::time::Duration;
///
/// /// Reads nothing for an hour: so its peer fills the operating system's buffers, and has to stop.
/// struct Slow(usize);
///
/// impl Protocol for Slow {
///     fn connection_made(&mut self, transport: Transport) {
///         transport.pause_reading();
///         timers::call_later(Duration::from_secs(3600), move || transport.resume_reading());
///     }
///     fn data_received(&mut self, data: &[u8]) {
///         self.0 += data.len();
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let server = create_server("127.0.0.1:0".parse().unwrap(), || Slow(0))?;
///     let connect = || create_connection(server.local_addr(), || Slow(0));
///     let (transport, lost) = connect().await?;
///     assert_eq!(transport.peer_addr(), Some(server.local_addr()));
///     assert!(transport.local_addr() != transport.peer_addr());
///     transport.set_write_buffer_limits(1000, 0);
///     while transport.write_buffer_size() == 0 {
///         transport.write(&[0; 100_000]);
///     }
///     transport.write_eof();
///     lost.await.unwrap(); // The other side has heard everything, and closed.
///     assert!(transport.is_closing());
///     assert_eq!(timers::now().as_secs(), 3600);
///
///     let (transport, lost) = connect().await?;
///     transport.close();
///     transport.write(b"too late");
///     transport.abort(); // Sooner than the close.
///     lost.await.unwrap();
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Transport(pub(crate) Rc<Connection>);

/// What a transport's handles and its task have in common.
pub(crate) struct Connection {
    pub(crate) calls: Calls<dyn Protocol>,
    /// Out while it is polled, which is foreign code.
    stream: Cell<Option<Box<dyn Stream>>>,
    /// What is written and not sent. Empty, it has no memory.
    buffer: RefCell<VecDeque<u8>>,
    /// The stream has a buffer of its own, which is not empty.
    unflushed: Cell<bool>,
    /// No more is written after what is buffered: asked for, and done.
    eof: Cell<bool>,
    eof_sent: Cell<bool>,
    /// Reading has ended, by `pause_reading` or by the peer.
    paused: Cell<bool>,
    eof_received: Cell<bool>,
    addresses: [Option<SocketAddr>; 2],
}
// ANCHOR_END: transport

impl Transport {
    /// Sends `data`: at once what there is room for, and the rest later. It never waits.
    ///
    /// After [`close`](Transport::close), or when the connection is lost, it is ignored.
    ///
    /// # Panics
    ///
    /// After [`write_eof`](Transport::write_eof): the other side was told that there is
    /// no more.
    // ANCHOR: write
    #[track_caller]
    pub fn write(&self, data: &[u8]) {
        let connection = &*self.0;
        if self.is_closing() || data.is_empty() {
            return;
        }
        assert!(
            !connection.eof.get(),
            "write after write_eof at {}: write everything first",
            Location::caller()
        );
        let sent = match connection.calls.buffered.get() {
            0 => connection.try_write(data),
            _ => 0,
        };
        if self.is_closing() {
            return; // It has failed.
        }
        connection.buffer.borrow_mut().extend(&data[sent..]);
        connection.count();
        if sent < data.len() || connection.unflushed.get() {
            connection.calls.wake();
        }
        connection.calls.tell_flow();
    }
    // ANCHOR_END: write

    /// Writes no more: the other side hears the end after what was written before. Reading goes on.
    pub fn write_eof(&self) {
        if !self.is_closing() && !self.0.eof.replace(true) {
            self.0.calls.wake();
        }
    }

    /// Ends the connection when everything is sent that was written by now. Nothing is read any more.
    ///
    /// A peer that never reads keeps it open: who wants a limit calls [`abort`](Transport::abort) after some time.
    pub fn close(&self) {
        self.0.calls.close();
    }

    /// Ends the connection now. What is buffered is dropped, and `connection_lost` is called soon, without an error.
    pub fn abort(&self) {
        self.0.calls.end(None);
    }

    /// Whether it was closed, aborted, or lost.
    pub fn is_closing(&self) -> bool {
        self.0.calls.closing.get()
    }

    /// Reads no more until [`resume_reading`](Transport::resume_reading): the other side fills the operating system's
    /// buffers, and has to stop then.
    pub fn pause_reading(&self) {
        self.0.paused.set(true);
    }

    /// Reads again, and does nothing if it has not stopped.
    pub fn resume_reading(&self) {
        if self.0.paused.replace(false) {
            self.0.calls.wake();
        }
    }

    /// Has the protocol [paused](Protocol::pause_writing) when more than `high` bytes are buffered, and resumed at `low`.
    /// 64 KiB and a quarter of it by default.
    ///
    /// # Panics
    ///
    /// If `low` is above `high`.
    #[track_caller]
    pub fn set_write_buffer_limits(&self, high: usize, low: usize) {
        self.0.calls.set_limits(high, low);
    }

    /// How many bytes are written and not sent.
    pub fn write_buffer_size(&self) -> usize {
        self.0.calls.buffered.get()
    }

    /// Who is at the other end, if the stream has an address.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.0.addresses[1]
    }

    /// Where it comes from on this machine, if the stream has an address.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.0.addresses[0]
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("closing", &self.is_closing())
            .field("buffered", &self.write_buffer_size())
            .finish_non_exhaustive()
    }
}

impl Connection {
    pub(crate) fn new(
        stream: impl Stream + 'static,
        addresses: [Option<SocketAddr>; 2],
        protocol: Box<dyn Protocol>,
    ) -> Connection {
        Connection {
            calls: Calls::new(protocol),
            stream: Cell::new(Some(Box::new(stream))),
            buffer: RefCell::default(),
            unflushed: Cell::new(false),
            eof: Cell::new(false),
            eof_sent: Cell::new(false),
            paused: Cell::new(false),
            eof_received: Cell::new(false),
            addresses,
        }
    }

    fn count(&self) {
        self.calls.buffered.set(self.buffer.borrow().len());
    }

    /// What its task waits for, in a word.
    pub(crate) fn waits_for(&self) -> &'static str {
        match self.is_reading() {
            true => "read",
            false if self.calls.buffered.get() > 0 => "write",
            false => "transport",
        }
    }

    pub(crate) fn is_reading(&self) -> bool {
        !self.calls.closing.get() && !self.paused.get() && !self.eof_received.get()
    }

    // ANCHOR: poll
    /// Polls the stream by `work`. Whoever comes here meanwhile finds it blocked.
    fn poll<R>(
        &self,
        work: impl FnOnce(Pin<&mut dyn Stream>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        let mut out = Out(&self.stream, self.stream.take());
        match &mut out.1 {
            Some(stream) => work(Pin::new(&mut **stream)),
            None => Poll::Pending,
        }
    }

    /// The result of a poll, if it is not an error: that ends the connection.
    fn or_end<R>(&self, polled: Poll<io::Result<R>>) -> Poll<Option<R>> {
        polled.map(|result| result.map_err(|error| self.calls.end(Some(error))).ok())
    }
    // ANCHOR_END: poll

    // ANCHOR: try-write
    /// How much of `data` can be sent at once. Nobody is woken when there is more room: the
    /// connection's task will ask for itself.
    fn try_write(&self, data: &[u8]) -> usize {
        let mut context = Context::from_waker(Waker::noop());
        let sent = self.poll(|stream| stream.poll_write(&mut context, data));
        let Poll::Ready(Some(sent)) = self.or_end(sent) else {
            return 0;
        };
        let flushed = self.poll(|stream| stream.poll_flush(&mut context));
        self.unflushed.set(self.or_end(flushed).is_pending());
        sent
    }
    // ANCHOR_END: try-write

    // ANCHOR: send
    /// Sends some of what is buffered, or does what comes after it. Ready if something has
    /// changed.
    pub(crate) fn poll_send(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.calls.ended.get() {
            return Poll::Pending;
        }
        if self.calls.buffered.get() > 0 {
            let sent = self.poll_buffer(context);
            ready!(self.or_end(sent));
            self.calls.tell_flow();
            return Poll::Ready(());
        }
        if self.unflushed.get() {
            let flushed = self.poll(|stream| stream.poll_flush(context));
            ready!(self.or_end(flushed));
            self.unflushed.set(false);
            return Poll::Ready(());
        }
        self.poll_after(context)
    }
    // ANCHOR_END: send

    // ANCHOR: after
    /// What is to be done when all is sent: tell our end, or end the connection.
    fn poll_after(&self, context: &mut Context<'_>) -> Poll<()> {
        // hole: after — an end that was asked for is told once, by closing the stream; a closed connection is over then, without an error
        // tried by: close-or-abort, half-open, last-word, forward
        // also: protocols
        let closing = self.calls.closing.get();
        if (closing || self.eof.get()) && !self.eof_sent.get() {
            let closed = ready!(self.poll(|stream| stream.poll_close(context)));
            self.eof_sent.set(true);
            if let (Err(error), false) = (closed, closing) {
                self.calls.end(Some(error));
            }
        } else if closing {
            self.calls.end(None);
        } else {
            return Poll::Pending;
        }
        Poll::Ready(())
        // end hole
    }
    // ANCHOR_END: after

    // ANCHOR: buffer
    fn poll_buffer(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut buffer = self.buffer.take();
        let polled = self.poll(|stream| {
            let (first, second) = buffer.as_slices();
            let slices = [IoSlice::new(first), IoSlice::new(second)];
            stream.poll_write_vectored(context, &slices)
        });
        if let Poll::Ready(Ok(sent)) = polled {
            buffer.drain(..sent);
            self.unflushed.set(true);
        }
        // What was written meanwhile comes after it.
        buffer.append(&mut self.buffer.borrow_mut());
        if !buffer.is_empty() {
            self.buffer.replace(buffer);
        }
        self.count();
        match ready!(polled)? {
            0 => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            _ => Poll::Ready(Ok(())),
        }
    }

    // ANCHOR: receive
    /// Reads once, and passes it on. Ready if there was something.
    pub(crate) fn poll_receive(&self, context: &mut Context<'_>) -> Poll<()> {
        if !self.is_reading() {
            return Poll::Pending;
        }
        // A busy peer gets no more than its turn.
        ready!(polling::spend(context));
        let mut bytes = scratch();
        let read = self.poll(|stream| stream.poll_read(context, &mut bytes));
        let read = self.or_end(read);
        if let Poll::Ready(Some(length)) = read {
            self.receive(&bytes[..length]);
        }
        keep_scratch(bytes);
        read.map(drop)
    }

    fn receive(&self, data: &[u8]) {
        // hole: receive — pass the data on; no data is the end: ask whether our half stays open, and close if not
        // tried by: echo-protocol, half-open, life
        // also: protocols
        if !data.is_empty() {
            self.calls.call(|protocol| protocol.data_received(data));
            return;
        }
        self.eof_received.set(true);
        let keep_open = self.calls.call(|protocol| protocol.eof_received());
        if keep_open != Some(true) {
            self.calls.close();
        }
        // end hole
    }
    // ANCHOR_END: receive

    /// Closes the stream, when the connection is lost.
    pub(crate) fn drop_stream(&self) {
        discard("a stream", self.stream.take());
        self.buffer.take();
        self.count();
    }
}

/// A stream, out of its place until this is dropped, also on unwind.
struct Out<'c>(&'c Cell<Option<Box<dyn Stream>>>, Option<Box<dyn Stream>>);

impl Drop for Out<'_> {
    fn drop(&mut self) {
        if let Some(stream) = self.1.take() {
            self.0.set(Some(stream));
        }
    }
}
