//! A socket that is registered: try first, wait when it would block.

use std::future::poll_fn;
use std::io;
use std::net::Shutdown;
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
///
/// Whoever builds sockets on it, as chapter 12 does, tells it what it cannot see:
///
/// ```
/// use event_loop::Clock;
/// use readiness::{Endpoint, Io, Readiness};
/// use std::io::{Read, Write};
/// use std::net::{Shutdown, TcpListener};
/// use std::panic::Location;
///
/// readiness::run(Clock::virtual_time(), async {
///     let listener = TcpListener::bind("127.0.0.1:0")?;
///     let stream = mio::net::TcpStream::connect(listener.local_addr()?)?;
///     let (mut outside, _) = listener.accept()?;
///     let io = Io::new(stream)?;
///     let (own, other) = (outside.peer_addr()?, outside.local_addr()?);
///     io.note(Endpoint::stream(own, other));
///     outside.write_all(b"taxi")?;
///
///     let mut buffer = [0; 8];
///     let attempt = io.attempt(Location::caller(), Readiness::Read);
///     let got = attempt.run(|mut it| it.read(&mut buffer)).await?;
///     // Four of eight: it is empty now, and the next read waits without a try.
///     io.moved(Readiness::Read, got, buffer.len());
///
///     io.get_ref().shutdown(Shutdown::Read)?;
///     io.end(Shutdown::Read);
///     assert!(io.is_ended());
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
        self.attempt(Location::caller(), way).run(operation)
    }

    /// An operation that is to be tried, called at `location`: what [`run`](Io::run) stands
    /// on, for whoever has more to say than what to try.
    pub fn attempt(
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

    /// Notes what was shut down from our side: whoever waits to read may try, now and for
    /// ever, and the virtual clock knows that no more is sent.
    pub fn end(&self, how: Shutdown) {
        if how != Shutdown::Read {
            self.socket.traffic.sent.end();
        }
        if how != Shutdown::Write {
            self.socket.traffic.received.end();
            self.socket.read.ended.set(true);
            self.reactor.tell(&self.socket, Readiness::Read, false);
        }
    }

    /// Whether reading was [ended](Io::end).
    pub fn is_ended(&self) -> bool {
        self.socket.read.ended.get()
    }

    // ANCHOR: moved
    /// Notes that a byte stream has moved `bytes`, and could have moved `room`. If it moved
    /// less, the socket is empty, or full, and the next try would block: spares that try.
    ///
    /// Only for byte streams, and only where every change that follows is told. A read also
    /// stops where urgent data has stood; a socket that has ever got any is trusted no more.
    pub fn moved(&self, way: Readiness, bytes: usize, room: usize) {
        let traffic = &self.socket.traffic;
        match way {
            Readiness::Read if bytes == 0 => traffic.received.end(),
            Readiness::Read => traffic.received.add(bytes),
            Readiness::Write => traffic.sent.add(bytes),
        }
        if 0 < bytes && bytes < room && TELLS_ALL && !self.socket.urgent.get() {
            self.socket.direction(way).might_block();
        }
    }
    // ANCHOR_END: moved

    /// Notes that a datagram was sent to one of ours: virtual time waits for it.
    ///
    /// ```
    /// use event_loop::{Clock, Time};
    /// use mio::net::UdpSocket;
    /// use readiness::{Endpoint, Io, Readiness};
    /// use std::time::Duration;
    ///
    /// readiness::run(Clock::virtual_time(), async {
    ///     let io = Io::new(UdpSocket::bind("127.0.0.1:0".parse().unwrap())?)?;
    ///     let own = io.get_ref().local_addr()?;
    ///     io.note(Endpoint::listener(own));
    ///     io.run(Readiness::Write, |it| it.send_to(b"taxi", own)).await?;
    ///     io.sent_datagram();
    ///     let mut buffer = [0; 8];
    ///     let received = io.run(Readiness::Read, |it| it.recv(&mut buffer));
    ///     assert_eq!(timers::timeout(Duration::from_secs(60), received).await.unwrap()?, 4);
    ///     assert_eq!(timers::now(), Time::ZERO);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn sent_datagram(&self) {
        self.reactor.under_way.set(timers::is_virtual());
    }

    /// Says what it is an end of. Nobody asks on the wall clock.
    pub fn note(&self, endpoint: Endpoint) {
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
/// One operation, from its first try to the one that does not block; made by
/// [`attempt`](Io::attempt).
///
/// ```
/// use event_loop::Clock;
/// use mio::net::UdpSocket;
/// use readiness::{Io, Readiness};
/// use std::future::poll_fn;
/// use std::panic::Location;
/// use wakers::WaiterKey;
///
/// readiness::run(Clock::real(), async {
///     let io = Io::new(UdpSocket::bind("127.0.0.1:0".parse().unwrap())?)?;
///     let own = io.get_ref().local_addr()?;
///     let send = io.attempt(Location::caller(), Readiness::Write);
///     send.run(|it| it.send_to(b"taxi", own)).await?;
///
///     // Polled by whoever keeps the key from one poll to the next.
///     let (mut key, mut buffer) = (WaiterKey::default(), [0; 8]);
///     let received = poll_fn(|context| {
///         let mut attempt = io.attempt(Location::caller(), Readiness::Read);
///         attempt.key = std::mem::take(&mut key);
///         let polled = attempt.poll_try(context, &mut |it| it.recv(&mut buffer));
///         key = std::mem::take(&mut attempt.key);
///         polled
///     });
///     assert_eq!(received.await?, 4);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Attempt<'a, S: Source> {
    io: &'a Io<S>,
    way: Readiness,
    /// For whoever asks where the task waits.
    location: &'static Location<'static>,
    /// False for a read into an empty buffer, say: that never blocks.
    pub waits: bool,
    /// Who waits. Dropping the attempt ends that: whoever is polled without a future of its
    /// own, such as a stream, takes the key out, and puts it into the next attempt.
    pub key: WaiterKey,
}
// ANCHOR_END: attempt

impl<S: Source> Attempt<'_, S> {
    /// The future that tries `operation`.
    pub fn run<T>(
        mut self,
        mut operation: impl FnMut(&S) -> io::Result<T>,
    ) -> impl Future<Output = io::Result<T>> {
        poll_fn(move |context| self.poll_try(context, &mut operation))
    }

    // ANCHOR: try
    /// Tries `operation` whenever that is worth it, until it does anything but block.
    pub fn poll_try<T>(
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

    fn try_once<T>(&self, call: &mut impl FnMut(&S) -> io::Result<T>) -> io::Result<T> {
        let result = call(&self.io.source);
        let traced = &self.io.socket.traced;
        traced.tried(self.way == Readiness::Read, &result);
        result
    }

    // ANCHOR: ready
    /// Ready when a try is worth it.
    fn poll_ready(&mut self, context: &Context<'_>) -> Poll<()> {
        let direction = self.io.socket.direction(self.way);
        if self.waits && !direction.is_ready() {
            if direction.waiters.register(&mut self.key, context.waker()) {
                self.io.reactor.waiting.update(|count| count + 1);
            }
            // Looked at again: to clone a waker is foreign code, which may have shut it down.
            if !direction.is_ready() {
                polling::suspended(self.location, self.way.name());
                return Poll::Pending;
            }
        }
        Poll::Ready(())
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
