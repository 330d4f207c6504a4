//! A socket that is registered: try first, wait when it would block.

use std::future::poll_fn;
use std::io;
use std::panic::Location;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::{Interest, Token};
use wakers::WaiterKey;

use crate::current::{Shared, Socket, current, must_be_current};
use crate::ends::Endpoint;

// ANCHOR: struct
/// A socket, registered with the reactor that was current when it was made.
///
/// It is registered once, for both directions, edge-triggered: the operating system tells
/// each change once, and two [directions](Readiness) remember it.
///
/// ```
/// use event_loop::Clock;
/// use mio::net::UdpSocket;
/// use readiness::Io;
///
/// readiness::run(Clock::real(), async {
///     let io = Io::new(UdpSocket::bind("127.0.0.1:0".parse().unwrap())?)?;
///     assert!(io.get_ref().local_addr()?.port() > 0);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Io<S: Source> {
    source: S,
    token: Token,
    pub(crate) socket: Rc<Socket>,
    reactor: Rc<Shared>,
}

/// Which way.
///
/// ```
/// use event_loop::Clock;
/// use mio::net::UdpSocket;
/// use readiness::{Io, Readiness};
///
/// readiness::run(Clock::real(), async {
///     let io = Io::new(UdpSocket::bind("127.0.0.1:0".parse().unwrap())?)?;
///     let own = io.get_ref().local_addr()?;
///     // A new socket has room for a datagram, so this does not wait.
///     io.run(Readiness::Write, |it| it.send_to(b"taxi", own)).await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
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

// ANCHOR: interests
/// Whether the operating system tells of every change that follows a short read or write,
/// and of urgent data before a read that it cuts short. Not known of kqueue; and on
/// Windows an event is told again only after a try that blocked.
const TELLS_ALL: bool = cfg!(any(target_os = "linux", target_os = "android"));

#[cfg(any(target_os = "linux", target_os = "android"))]
const INTERESTS: Interest = Interest::READABLE
    .add(Interest::WRITABLE)
    .add(Interest::PRIORITY);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const INTERESTS: Interest = Interest::READABLE.add(Interest::WRITABLE);
// ANCHOR_END: interests

impl<S: Source> Io<S> {
    /// Registers `source`, which must not block.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn new(mut source: S) -> io::Result<Io<S>> {
        let reactor = current()?;
        let (token, socket) = reactor.add();
        if let Err(error) = reactor.registry.register(&mut source, token, INTERESTS) {
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

    /// Tries `operation` until it does anything but block, and waits for readiness in
    /// between. Each try costs the task one of its budget.
    ///
    /// Dropped while it waits, it has done nothing.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use mio::net::UdpSocket;
    /// use readiness::{Io, Readiness};
    ///
    /// let echoed = readiness::run(Clock::real(), async {
    ///     let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let own = socket.local_addr()?;
    ///     let io = Io::new(socket)?;
    ///     io.run(Readiness::Write, |it| it.send_to(b"taxi", own)).await?;
    ///     let mut buffer = [0; 8];
    ///     let length = io.run(Readiness::Read, |it| it.recv(&mut buffer)).await?;
    ///     assert_eq!(&buffer[..length], b"taxi");
    ///     std::io::Result::Ok(length)
    /// });
    /// assert_eq!(echoed??, 4);
    /// # Ok::<(), std::io::Error>(())
    /// ```
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
        let attempt = self.attempt(Location::caller(), way);
        attempt.run(operation)
    }

    /// An operation that is to be tried, called at `location`.
    pub(crate) fn attempt(
        &self,
        location: &'static Location<'static>,
        way: Readiness,
    ) -> Attempt<'_, S> {
        Attempt {
            io: self,
            way,
            location,
            waits: true,
            key: WaiterKey::default(),
        }
    }

    /// Ends this direction from our side. Whoever waits may try, now and for ever.
    pub(crate) fn end(&self, way: Readiness) {
        self.socket.direction(way).ended.set(true);
        self.reactor.tell(&self.socket, way, false);
    }

    // ANCHOR: short
    /// After a read or write that moved less than it could have: the socket is empty, or
    /// full, and the next try would block. Spares that try.
    ///
    /// Only for byte streams, and only where every change that follows is told. A read also
    /// stops where urgent data has stood; a socket that has ever got any is trusted no more.
    pub(crate) fn short(&self, way: Readiness) {
        if TELLS_ALL && !self.socket.urgent.get() {
            self.socket.direction(way).might_block();
        }
    }
    // ANCHOR_END: short

    /// Says what it is an end of.
    pub(crate) fn note(&self, endpoint: Endpoint) {
        self.reactor.note(&self.socket, endpoint);
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

// ANCHOR: attempt
/// One operation, from its first try to the one that does not block.
pub(crate) struct Attempt<'a, S: Source> {
    io: &'a Io<S>,
    way: Readiness,
    /// For whoever asks where the task waits.
    location: &'static Location<'static>,
    /// False for a read into an empty buffer, say: that never blocks.
    pub(crate) waits: bool,
    key: WaiterKey,
}
// ANCHOR_END: attempt

impl<S: Source> Attempt<'_, S> {
    /// The future that tries `operation`.
    pub(crate) fn run<T, F>(
        mut self,
        mut operation: F,
    ) -> impl Future<Output = io::Result<T>>
    where
        F: FnMut(&S) -> io::Result<T>,
    {
        poll_fn(move |context| self.poll_try(context, &mut operation))
    }

    // ANCHOR: try
    /// Tries `operation` whenever that is worth it, until it does anything but block.
    pub(crate) fn poll_try<T>(
        &mut self,
        context: &Context<'_>,
        operation: &mut impl FnMut(&S) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        // In another loop nobody looks at its events.
        must_be_current(&self.io.reactor)?;
        loop {
            // hole: try — wait until a try is worth it and paid for; remember when it was not
            // tried by: echo
            // also: readiness
            ready!(self.poll_ready(context));
            ready!(polling::spend(context));
            match self.try_once(operation) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.io.socket.direction(self.way).would_block();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return Poll::Ready(result),
            }
            // end hole
        }
    }
    // ANCHOR_END: try

    fn try_once<T>(
        &self,
        operation: &mut impl FnMut(&S) -> io::Result<T>,
    ) -> io::Result<T> {
        let result = operation(&self.io.source);
        let traced = &self.io.socket.traced;
        traced.tried(self.way == Readiness::Read, &result);
        result
    }

    // ANCHOR: ready
    /// Ready when a try is worth it.
    fn poll_ready(&mut self, context: &Context<'_>) -> Poll<()> {
        let direction = self.io.socket.direction(self.way);
        if direction.is_ready() || !self.waits {
            return Poll::Ready(());
        }
        if direction.waiters.register(&mut self.key, context.waker()) {
            self.io.reactor.waiting.update(|count| count + 1);
        }
        polling::suspended(self.location, self.way.name());
        Poll::Pending
    }
    // ANCHOR_END: ready
}

impl<S: Source> Drop for Attempt<'_, S> {
    fn drop(&mut self) {
        let direction = self.io.socket.direction(self.way);
        if direction.waiters.cancel(&mut self.key) {
            self.io.reactor.waiting.update(|count| count - 1);
        }
    }
}
