//! What a program has of a stream.

use std::io;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use taxi::parts::suspended;

use super::{Connection, MOST_IN_A_PART, ROOM_TO_TELL, Side, WINDOW};
use crate::network::Network;
use crate::world::Stream;

/// One side of a stream. When the last that holds it is dropped, the program has let go of it.
struct Held {
    network: Rc<Network>,
    connection: Rc<Connection>,
    side: Side,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.connection.let_go(&self.network, self.side);
    }
}

/// Bytes both ways between simulated hosts: a world's stream; made by [`Simulation::host`](crate::Simulation::host).
pub struct SimulatedStream(Rc<Held>);

/// The half of a simulated stream to read from; made by [`Simulation::host`](crate::Simulation::host).
pub struct SimulatedReads(Rc<Held>);

/// The half of a simulated stream to write to; made by [`Simulation::host`](crate::Simulation::host). Dropping it ends that direction.
pub struct SimulatedWrites(Rc<Held>);

impl SimulatedStream {
    pub(crate) fn new(
        network: Rc<Network>,
        connection: Rc<Connection>,
        side: Side,
    ) -> SimulatedStream {
        SimulatedStream(Rc::new(Held {
            network,
            connection,
            side,
        }))
    }
}

impl Stream for SimulatedStream {
    type Reads = SimulatedReads;
    type Writes = SimulatedWrites;

    fn into_split(self) -> (SimulatedReads, SimulatedWrites) {
        (SimulatedReads(Rc::clone(&self.0)), SimulatedWrites(self.0))
    }
}

impl Held {
    // ANCHOR: read
    #[track_caller]
    fn poll_read(
        &self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut end = self.connection.end(self.side);
        if let Some(why) = end.broken {
            return Poll::Ready(Err(why.into()));
        }
        if buffer.is_empty() || (end.unread.is_empty() && end.ended) {
            return Poll::Ready(Ok(0));
        }
        if end.unread.is_empty() {
            let old = end.reader.replace(context.waker().clone());
            drop(end);
            drop(old);
            suspended(Location::caller(), "read");
            return Poll::Pending;
        }
        let count = io::Read::read(&mut end.unread, buffer)?;
        end.taken += count;
        let tell = end.taken >= ROOM_TO_TELL;
        drop(end);
        if tell {
            self.connection.tell_room(&self.network, self.side, 1);
        }
        Poll::Ready(Ok(count))
    }
    // ANCHOR_END: read

    // ANCHOR: write
    #[track_caller]
    fn poll_write(
        &self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut end = self.connection.end(self.side);
        if end.broken.is_some() || end.shut {
            let why = end.broken.unwrap_or(io::ErrorKind::BrokenPipe);
            return Poll::Ready(Err(why.into()));
        }
        let room = WINDOW - end.on_way.min(WINDOW);
        if room == 0 && !bytes.is_empty() {
            let old = end.writer.replace(context.waker().clone());
            drop(end);
            drop(old);
            suspended(Location::caller(), "write");
            return Poll::Pending;
        }
        drop(end);
        let count = bytes.len().min(room);
        if self.network.lives(self.connection.life(self.side)) {
            for part in bytes[..count].chunks(MOST_IN_A_PART) {
                self.connection.send(&self.network, self.side, part);
            }
        }
        Poll::Ready(Ok(count))
    }
    // ANCHOR_END: write

    fn shut(&self) {
        if self.network.lives(self.connection.life(self.side)) {
            self.connection.shut(&self.network, self.side);
        }
    }
}

impl Drop for SimulatedWrites {
    fn drop(&mut self) {
        self.0.shut();
    }
}

macro_rules! reads {
    ($half:ty) => {
        impl AsyncRead for $half {
            #[track_caller]
            fn poll_read(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                buffer: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                self.0.poll_read(context, buffer)
            }
        }
    };
}

macro_rules! writes {
    ($half:ty) => {
        impl AsyncWrite for $half {
            #[track_caller]
            fn poll_write(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                bytes: &[u8],
            ) -> Poll<io::Result<usize>> {
                self.0.poll_write(context, bytes)
            }

            fn poll_flush(
                self: Pin<&mut Self>,
                _context: &mut Context<'_>,
            ) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }

            fn poll_close(
                self: Pin<&mut Self>,
                _context: &mut Context<'_>,
            ) -> Poll<io::Result<()>> {
                self.0.shut();
                Poll::Ready(Ok(()))
            }
        }
    };
}

macro_rules! shown {
    ($half:ident) => {
        impl std::fmt::Debug for $half {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($half)).finish_non_exhaustive()
            }
        }
    };
}

reads!(SimulatedStream);
writes!(SimulatedStream);
reads!(SimulatedReads);
writes!(SimulatedWrites);
shown!(SimulatedStream);
shown!(SimulatedReads);
shown!(SimulatedWrites);
