//! A socket that is registered: try first, wait when it would block.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use mio::event::Source;
use mio::{Interest, Token};

use crate::budget;
use crate::current::{Shared, Socket, current, must_be_current};
use crate::direction::Direction;
use crate::ends::Traffic;

// ANCHOR: struct
/// A socket, registered with the reactor that was current when it was made.
///
/// It is registered once, for both directions, edge-triggered: the operating system tells
/// each change once, and two [directions](Readiness) remember it.
pub struct Io<S: Source> {
    source: S,
    token: Token,
    socket: Rc<Socket>,
    reactor: Rc<Shared>,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// Reading, or accepting.
    Read,
    /// Writing, or being connected.
    Write,
}

impl Readiness {
    fn name(self) -> &'static str {
        match self {
            Readiness::Read => "read",
            Readiness::Write => "write",
        }
    }
}
// ANCHOR_END: struct

impl<S: Source> Io<S> {
    /// Registers `source`, which must not block.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn new(mut source: S) -> io::Result<Io<S>> {
        let reactor = current()?;
        let (token, socket) = reactor.add();
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = reactor.registry.register(&mut source, token, both) {
            reactor.remove(token, &socket);
            return Err(error);
        }
        socket.traced.opened::<S>();
        Ok(Io {
            source,
            token,
            socket,
            reactor,
        })
    }

    /// The socket itself.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    fn direction(&self, way: Readiness) -> &Direction {
        match way {
            Readiness::Read => &self.socket.read,
            Readiness::Write => &self.socket.write,
        }
    }

    /// Tries `operation` until it does anything but block, and waits for readiness in
    /// between.
    ///
    /// Dropped while it waits, it has done nothing.
    ///
    /// # Errors
    ///
    /// Whatever `operation` fails with, but for `WouldBlock` and `Interrupted`; and if the
    /// socket belongs to another loop.
    #[track_caller]
    pub fn run<T>(
        &self,
        way: Readiness,
        operation: impl FnMut(&S) -> io::Result<T>,
    ) -> impl Future<Output = io::Result<T>> {
        self.run_at(Location::caller(), way, operation)
    }

    // ANCHOR: run
    /// The same, called at `place`.
    pub(crate) async fn run_at<T>(
        &self,
        place: &'static Location<'static>,
        way: Readiness,
        mut operation: impl FnMut(&S) -> io::Result<T>,
    ) -> io::Result<T> {
        poll_fn(|context| budget::spend(context)).await;
        loop {
            // hole: try — wait until a try is worth it; remember when it was not
            // tried by: echo
            // also: readiness
            self.ready(way, place).await?;
            let result = operation(&self.source);
            self.socket.traced.tried(way == Readiness::Read, &result);
            match result {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.direction(way).would_block();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
            // end hole
        }
    }
    // ANCHOR_END: run

    /// Waits until a try is worth it.
    fn ready(&self, way: Readiness, place: &'static Location<'static>) -> Ready<'_> {
        Ready {
            place,
            why: way.name(),
            direction: self.direction(way),
            reactor: &self.reactor,
            key: 0,
        }
    }

    // ANCHOR: short
    /// After a read or write that moved less than it could have: the socket is empty, or
    /// full, and the next try would block. Spares that try.
    ///
    /// Only for byte streams, and only where every change that follows is told. On Windows
    /// an event is told again only after a try that blocked.
    pub(crate) fn short(&self, way: Readiness) {
        let edges = cfg!(any(
            target_os = "linux",
            target_os = "android",
            target_vendor = "apple"
        ));
        if edges {
            self.direction(way).might_block();
        }
    }
    // ANCHOR_END: short

    pub(crate) fn traffic(&self) -> &Traffic {
        &self.socket.traffic
    }

    pub(crate) fn note_listener(&self, at: SocketAddr) {
        self.reactor.note_listener(&self.socket, at);
    }

    pub(crate) fn note_stream(&self, own: SocketAddr, other: SocketAddr) {
        self.reactor.note_stream(&self.socket, own, other);
    }
}

impl<S: Source> Drop for Io<S> {
    fn drop(&mut self) {
        // A socket that cannot be deregistered is closed anyway, which does it too.
        drop(self.reactor.registry.deregister(&mut self.source));
        self.reactor.remove(self.token, &self.socket);
        self.socket.traced.closed();
    }
}

/// The future of waiting for one direction.
struct Ready<'a> {
    /// For whoever asks where the task waits, and what for.
    place: &'static Location<'static>,
    why: &'static str,
    direction: &'a Direction,
    reactor: &'a Rc<Shared>,
    key: u64,
}

// ANCHOR: ready
impl Future for Ready<'_> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let (poll, new) = this.direction.poll(&mut this.key, context);
        this.reactor.waiting.set(this.reactor.waiting.get() + new);
        if poll.is_pending() {
            must_be_current(this.reactor)?;
            trace::suspended(this.place, this.why);
        }
        poll.map(Ok)
    }
}
// ANCHOR_END: ready

impl Drop for Ready<'_> {
    fn drop(&mut self) {
        if self.direction.leave(self.key) {
            self.reactor.waiting.set(self.reactor.waiting.get() - 1);
        }
    }
}
