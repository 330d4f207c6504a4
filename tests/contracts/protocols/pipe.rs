//! A connection that is no socket: two ends in memory, whose room, pieces and errors a test decides.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite};
use wakers::{WaiterKey, Waiters};

/// One direction.
#[derive(Default)]
pub(crate) struct Way {
    bytes: RefCell<VecDeque<u8>>,
    /// How much it holds, and how much one operation moves at most.
    pub(crate) room: Cell<usize>,
    pub(crate) piece: Cell<usize>,
    closed: Cell<bool>,
    broken: Cell<Option<io::ErrorKind>>,
    waiters: Waiters,
}

impl Way {
    fn moved(&self, want: usize) -> usize {
        want.min(self.piece.get())
    }

    /// How much lies in it.
    pub(crate) fn len(&self) -> usize {
        self.bytes.borrow().len()
    }

    /// From now on it fails.
    pub(crate) fn break_off(&self) {
        self.broken.set(Some(io::ErrorKind::ConnectionReset));
        self.waiters.wake_all();
    }

    /// Gives it more room.
    pub(crate) fn widen(&self, room: usize) {
        self.room.set(room);
        self.waiters.wake_all();
    }
}

/// One end of a pipe. Dropping it closes both directions: the other side then writes in vain.
pub(crate) struct End {
    pub(crate) incoming: Rc<Way>,
    pub(crate) outgoing: Rc<Way>,
    keys: [WaiterKey; 2],
    /// Keeps what is written until it is flushed.
    pub(crate) holds: Cell<bool>,
    held: Vec<u8>,
}

/// Two ends, with room for `capacity` bytes each way.
pub(crate) fn pipe(capacity: usize) -> (End, End) {
    let way = || {
        let way = Way::default();
        way.room.set(capacity);
        way.piece.set(usize::MAX);
        Rc::new(way)
    };
    let end = |incoming, outgoing| End {
        incoming,
        outgoing,
        keys: Default::default(),
        holds: Cell::new(false),
        held: Vec::new(),
    };
    let ways = [way(), way()];
    let [first, second] = ways.clone();
    let [back, there] = ways;
    (end(first, second), end(there, back))
}

impl End {
    fn poll_get(
        way: &Way,
        key: &mut WaiterKey,
        context: &Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(kind) = way.broken.get() {
            return Poll::Ready(Err(kind.into()));
        }
        let mut bytes = way.bytes.borrow_mut();
        if bytes.is_empty() && !way.closed.get() {
            drop(bytes);
            way.waiters.register(key, context.waker());
            return Poll::Pending;
        }
        let length = way.moved(buffer.len().min(bytes.len()));
        for (to, from) in buffer.iter_mut().zip(bytes.drain(..length)) {
            *to = from;
        }
        drop(bytes);
        way.waiters.wake_all();
        Poll::Ready(Ok(length))
    }

    fn poll_put(
        way: &Way,
        key: &mut WaiterKey,
        context: &Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(kind) = way.broken.get() {
            return Poll::Ready(Err(kind.into()));
        }
        if way.closed.get() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = way.room.get().saturating_sub(way.len());
        if room == 0 {
            way.waiters.register(key, context.waker());
            return Poll::Pending;
        }
        let length = way.moved(data.len().min(room));
        way.bytes.borrow_mut().extend(&data[..length]);
        way.waiters.wake_all();
        Poll::Ready(Ok(length))
    }

    pub(crate) async fn write(&self, text: &str) -> io::Result<()> {
        let mut left = text.as_bytes();
        let mut key = WaiterKey::default();
        while !left.is_empty() {
            let put =
                poll_fn(|context| End::poll_put(&self.outgoing, &mut key, context, left));
            left = &left[put.await?..];
        }
        Ok(())
    }

    pub(crate) async fn read(&self, most: usize) -> io::Result<String> {
        let (mut buffer, mut key) = (vec![0; most], WaiterKey::default());
        let got = poll_fn(|context| {
            End::poll_get(&self.incoming, &mut key, context, &mut buffer)
        });
        let length = got.await?;
        Ok(String::from_utf8(buffer[..length].to_vec()).unwrap())
    }

    pub(crate) async fn read_to_end(&self) -> io::Result<String> {
        let mut all = String::new();
        loop {
            match &*self.read(1000).await? {
                "" => return Ok(all),
                more => all.push_str(more),
            }
        }
    }

    /// Writes no more.
    pub(crate) fn close(&self) {
        self.outgoing.closed.set(true);
        self.outgoing.waiters.wake_all();
    }

    /// Breaks both directions.
    pub(crate) fn reset(&self) {
        self.incoming.break_off();
        self.outgoing.break_off();
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let [reads, writes] = &mut self.keys;
        self.incoming.waiters.cancel(reads);
        self.outgoing.waiters.cancel(writes);
        self.close();
        self.incoming.closed.set(true);
        self.incoming.waiters.wake_all();
    }
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        End::poll_get(&this.incoming, &mut this.keys[0], context, buffer)
    }
}

impl AsyncWrite for End {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.holds.get() && this.outgoing.broken.get().is_none() {
            if this.held.len() > 100 {
                ready!(Pin::new(this).poll_flush(context))?;
                return self.poll_write(context, data);
            }
            let length = this.outgoing.moved(data.len());
            this.held.extend(&data[..length]);
            return Poll::Ready(Ok(length));
        }
        End::poll_put(&this.outgoing, &mut this.keys[1], context, data)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while !this.held.is_empty() {
            let (way, key) = (&this.outgoing, &mut this.keys[1]);
            let sent = ready!(End::poll_put(way, key, context, &this.held))?;
            this.held.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(context))?;
        self.close();
        Poll::Ready(Ok(()))
    }
}
