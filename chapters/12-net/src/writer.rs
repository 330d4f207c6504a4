//! Writing without waiting, up to a mark: asyncio's `StreamWriter`.
//!
//! `write` is no future: it tries at once, and keeps what the other side had no room for. From then on a task of its own
//! sends that, so that nothing stays behind because nobody asks. `drain` is the brake: it waits while more than so much
//! is kept, and lets go when no more than a lower mark is left. With one mark only, it would stop and go at every byte.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use futures_io::AsyncWrite;
use sync::Notify;
use task_cell::TaskHandle;
use wakers::discard;

use crate::error::again;
use crate::halves::OwnedWriteHalf;
use crate::located::located;

/// How many bytes may be kept before `drain` waits, unless somebody says otherwise. asyncio's limit.
const HIGH_WATER: usize = 64 * 1024;

// ANCHOR: writer
/// Writes to `W` through a buffer. Without a parameter, to half of a TCP stream.
///
/// Dropping it closes it: what is kept is still sent, by a task of its own, as long as the
/// loop runs; [`wait_closed`](StreamWriter::wait_closed) waits for that.
///
/// ```
/// use event_loop::Clock;
/// use net::open_connection;
/// use std::io::Read;
///
/// net::run(Clock::real(), async {
///     let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
///     let (_reader, writer) = open_connection(listener.local_addr()?).await?;
///     writer.set_write_buffer_limits(1000, 100);
///     writer.write(b"a taxi, ");
///     writer.write(b"please");
///     writer.drain().await?;
///     assert_eq!(writer.write_buffer_size(), 0);
///     writer.close();
///     assert!(writer.is_closing());
///     writer.wait_closed().await?;
///     let mut heard = String::new();
///     listener.accept()?.0.read_to_string(&mut heard)?;
///     assert_eq!(heard, "a taxi, please");
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct StreamWriter<W: AsyncWrite + Unpin + 'static = OwnedWriteHalf> {
    shared: Rc<Shared<W>>,
}

// ANCHOR_END: writer

// ANCHOR: shared
/// What a writer shares with the task that sends for it.
struct Shared<W> {
    /// Not while it is polled, which is foreign code; and not after its end.
    out: Cell<Option<Out<W>>>,
    /// What was written since `out` took what it sends.
    kept: RefCell<Vec<u8>>,
    /// How many bytes are to be sent, of `out` and `kept`.
    size: Cell<usize>,
    high: Cell<usize>,
    low: Cell<usize>,
    /// `drain` waits: there were more than `high`, and more than `low` ever since.
    paused: Cell<bool>,
    /// The task that sends, if something is left for it.
    sending: RefCell<Option<TaskHandle>>,
    /// No more is written: after the last byte the other side is told.
    ending: Cell<bool>,
    closing: Cell<bool>,
    /// Bytes were written after the end.
    refused: Cell<bool>,
    error: RefCell<Option<Rc<io::Error>>>,
    changed: Notify,
}
// ANCHOR_END: shared

// ANCHOR: out
/// Where the bytes go, and those that are on their way: the first `sent` have gone.
struct Out<W> {
    to: W,
    bytes: Vec<u8>,
    sent: usize,
    /// The other side was told of the end.
    ended: bool,
}
// ANCHOR_END: out

impl<W: AsyncWrite + Unpin + 'static> StreamWriter<W> {
    /// A writer with marks at 64 KiB and at 16 KiB.
    pub fn new(inner: W) -> StreamWriter<W> {
        let out = Out {
            to: inner,
            bytes: Vec::new(),
            sent: 0,
            ended: false,
        };
        let shared = Shared {
            out: Cell::new(Some(out)),
            kept: RefCell::default(),
            size: Cell::new(0),
            high: Cell::new(HIGH_WATER),
            low: Cell::new(HIGH_WATER / 4),
            paused: Cell::new(false),
            sending: RefCell::default(),
            ending: Cell::new(false),
            closing: Cell::new(false),
            refused: Cell::new(false),
            error: RefCell::new(None),
            changed: Notify::new(),
        };
        StreamWriter {
            shared: Rc::new(shared),
        }
    }

    // ANCHOR: write
    /// Sends `bytes`, or keeps what cannot be sent at once. It does not wait: whoever writes
    /// much calls [`drain`](StreamWriter::drain) now and then.
    ///
    /// After [`close`](StreamWriter::close) or [`write_eof`](StreamWriter::write_eof), and
    /// when the connection is broken, they are dropped, and `drain` says so.
    ///
    /// # Panics
    ///
    /// If bytes have to be kept, and no executor is running on this thread.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) {
        let shared = &self.shared;
        if shared.ending.get() || shared.error.borrow().is_some() {
            shared.refused.set(true);
            return;
        }
        shared.kept.borrow_mut().extend_from_slice(bytes);
        shared.size.update(|size| size + bytes.len());
        self.send();
        shared.look_at_marks();
    }
    // ANCHOR_END: write

    // ANCHOR: send
    /// Tries at once. What is left then is for a task.
    #[track_caller]
    fn send(&self) {
        let shared = &self.shared;
        let mut nobody = Context::from_waker(Waker::noop());
        if shared.is_sending() || shared.poll_send(&mut nobody).is_ready() {
            return;
        }
        // It is not this task that waits.
        polling::take_suspension();
        let sending = Sending(Rc::clone(shared));
        let send = poll_fn(move |context| sending.0.poll_send(context));
        let task = task_cell::spawn_named("writer", send).task_handle();
        shared.sending.replace(Some(task));
    }
    // ANCHOR_END: send

    // ANCHOR: drain
    /// Waits, if more is kept than the high-water mark allows, until no more is left than
    /// the low-water mark allows.
    ///
    /// # Errors
    ///
    /// If the connection is broken, or closed from here.
    #[track_caller]
    pub fn drain(&self) -> impl Future<Output = io::Result<()>> {
        let shared = &*self.shared;
        located("drain", async {
            shared.until(|| !shared.paused.get()).await?;
            match shared.refused.get() {
                true => Err(io::ErrorKind::BrokenPipe.into()),
                false => Ok(()),
            }
        })
    }
    // ANCHOR_END: drain

    /// Ends writing after what is kept: the other side reads an end. Reading goes on.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, open_connection};
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let (mut reader, writer) = open_connection(listener.local_addr()?).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     writer.write_eof();
    ///     assert_eq!(called.read(&mut [0]).await?, 0);
    ///     called.write_all(b"bye\n").await?;
    ///     assert_eq!(reader.read_line().await?.as_deref(), Some("bye"));
    ///     Ok::<_, net::ReadError>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`write`](StreamWriter::write).
    #[track_caller]
    pub fn write_eof(&self) {
        self.shared.ending.set(true);
        self.send();
    }

    /// Sends what is kept, and ends then. It does not wait for that.
    ///
    /// # Panics
    ///
    /// As [`write`](StreamWriter::write).
    #[track_caller]
    pub fn close(&self) {
        self.shared.closing.set(true);
        self.write_eof();
    }

    /// Waits for the end of a writer that [is closed](StreamWriter::close), here or by another task: everything was
    /// sent.
    ///
    /// # Errors
    ///
    /// If the connection was broken before.
    #[track_caller]
    pub fn wait_closed(&self) -> impl Future<Output = io::Result<()>> {
        let shared = &*self.shared;
        let is_closed = || shared.closing.get() && !shared.is_sending();
        located("wait_closed", shared.until(is_closed))
    }

    /// Whether it was [closed](StreamWriter::close).
    pub fn is_closing(&self) -> bool {
        self.shared.closing.get()
    }

    /// How many bytes are kept.
    pub fn write_buffer_size(&self) -> usize {
        self.shared.size.get()
    }

    /// Sets the marks: [`drain`](StreamWriter::drain) waits when more than `high` bytes are kept, until no more than
    /// `low` are left.
    ///
    /// # Panics
    ///
    /// If `low` is above `high`.
    #[track_caller]
    pub fn set_write_buffer_limits(&self, high: usize, low: usize) {
        assert!(
            low <= high,
            "the low-water mark is at or below the high one"
        );
        self.shared.high.set(high);
        self.shared.low.set(low);
        self.shared.look_at_marks();
    }

    /// Waits until nothing is kept, also when this writer is gone. Dropped before that, it
    /// has what is kept cut off.
    pub(crate) fn flushed(&self) -> impl Future<Output = ()> + use<W> {
        let waits = Flushed(Rc::clone(&self.shared));
        async move { drop(waits.0.until(|| !waits.0.is_sending()).await) }
    }
}

impl<W: AsyncWrite + Unpin + 'static> Shared<W> {
    // ANCHOR: marks
    /// Whether `drain` has to wait from now on, or need not wait any more.
    fn look_at_marks(&self) {
        // hole: marks — above the high one drains wait; at the low one all of them may go on; between, it stays as it is
        // tried by: two-marks, at-the-mark, back-pressure
        // also: net
        let size = self.size.get();
        if size > self.high.get() {
            self.paused.set(true);
        } else if size <= self.low.get() && self.paused.replace(false) {
            self.changed.notify_waiters();
        }
        // end hole
    }
    // ANCHOR_END: marks

    fn is_sending(&self) -> bool {
        self.sending.borrow().is_some()
    }

    /// Waits until `is_over`, or until the connection is broken, which is an error.
    async fn until(&self, is_over: impl Fn() -> bool) -> io::Result<()> {
        poll_fn(|context| polling::spend(context)).await;
        loop {
            let error = self.error.borrow().clone();
            if let Some(error) = error {
                return Err(again(&error));
            }
            if is_over() {
                return Ok(());
            }
            self.changed.notified().await;
        }
    }

    // ANCHOR: poll-send
    /// Sends what there is to send. Ready: nothing is left to do.
    fn poll_send(&self, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut out) = self.out.take() else {
            return Poll::Ready(());
        };
        let unwinds = Unwinds(self);
        let polled = self.poll_out(&mut out, context);
        mem::forget(unwinds);
        let result = match polled {
            Poll::Pending => {
                self.out.set(Some(out));
                return Poll::Pending;
            }
            Poll::Ready(result) => result,
        };
        if let Err(error) = result {
            self.fail(error);
        } else if !self.closing.get() {
            self.out.set(Some(out));
            return Poll::Ready(());
        }
        discard("a writer", out);
        self.changed.notify_waiters();
        Poll::Ready(())
    }
    // ANCHOR_END: poll-send

    // ANCHOR: poll-out
    fn poll_out(
        &self,
        out: &mut Out<W>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if out.sent == out.bytes.len() {
                out.sent = 0;
                out.bytes.clear();
                mem::swap(&mut out.bytes, &mut *self.kept.borrow_mut());
            }
            let to = Pin::new(&mut out.to);
            if out.bytes.is_empty() {
                if !self.ending.get() {
                    return to.poll_flush(context);
                }
                if !out.ended {
                    ready!(to.poll_close(context))?;
                }
                out.ended = true;
                return Poll::Ready(Ok(()));
            }
            match ready!(to.poll_write(context, &out.bytes[out.sent..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => {
                    out.sent += sent;
                    self.size.update(|size| size - sent);
                    self.look_at_marks();
                }
            }
        }
    }
    // ANCHOR_END: poll-out

    /// It is over: what is kept will never be sent.
    fn fail(&self, error: io::Error) {
        self.error.borrow_mut().get_or_insert(Rc::new(error));
        self.kept.take();
        self.size.set(0);
        self.changed.notify_waiters();
    }
}

/// What it writes to is polled, which is foreign code. Dropped, that has panicked, and what is kept is lost with it.
struct Unwinds<'s, W: AsyncWrite + Unpin + 'static>(&'s Shared<W>);

impl<W: AsyncWrite + Unpin + 'static> Drop for Unwinds<'_, W> {
    fn drop(&mut self) {
        let error = io::Error::other("what the writer writes to has panicked");
        self.0.fail(error);
    }
}

/// A task sends; at its end, whatever that is, it does not any more.
struct Sending<W: AsyncWrite + Unpin + 'static>(Rc<Shared<W>>);

impl<W: AsyncWrite + Unpin + 'static> Drop for Sending<W> {
    fn drop(&mut self) {
        let _task = self.0.sending.take();
        if self.0.size.get() > 0 {
            self.0
                .fail(io::Error::other("the task that sends was cancelled"));
        }
        self.0.changed.notify_waiters();
    }
}

/// Whoever waits for what is kept. Gone before it was sent, with a connection that is cut
/// off: otherwise the task would keep the socket for as long as the other side reads nothing.
struct Flushed<W>(Rc<Shared<W>>);

impl<W> Drop for Flushed<W> {
    fn drop(&mut self) {
        let task = self.0.sending.borrow().clone();
        task.iter().for_each(TaskHandle::abort);
    }
}

impl<W: AsyncWrite + Unpin + 'static> Drop for StreamWriter<W> {
    fn drop(&mut self) {
        self.shared.ending.set(true);
        self.shared.closing.set(true);
        // A task that sends goes on. Otherwise there is nothing to send.
        if !self.shared.is_sending() {
            discard("a writer", self.shared.out.take());
        }
    }
}

impl<W: AsyncWrite + Unpin + 'static> fmt::Debug for StreamWriter<W> {
    /// `StreamWriter { size: 0, .. }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = f.debug_struct("StreamWriter");
        writer.field("size", &self.shared.size.get());
        writer.finish_non_exhaustive()
    }
}
