//! Accepting: what a TCP listener and a Unix listener have in common.

use std::fmt;
use std::io;
use std::time::Duration;

use mio::event::Source;
use readiness::{Io, Readiness};
#[cfg(unix)]
use rustix::io::Errno;
use streams::{Stream, stream};

use crate::connection::{Connection, Socket};
use crate::located::located;

/// How long an accept waits where the process or the machine has no room for one more file. asyncio waits one second;
/// Go from 5 ms on, twice as long each time, up to one second.
const BACK_OFF: Duration = Duration::from_millis(100);

// ANCHOR: listens
/// A socket of the operating system that others connect to: mio's `TcpListener` and
/// `UnixListener`. It never blocks.
///
/// ```
/// use net::{Listens, Socket};
///
/// fn next_peer<L: Listens>(listener: &L) -> std::io::Result<<L::Socket as Socket>::Address> {
///     Ok(listener.accept_one()?.1)
/// }
///
/// let listener = mio::net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
/// let nobody = next_peer(&listener).unwrap_err();
/// assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Listens: Source + 'static {
    /// What a connection is.
    type Socket: Socket;
    /// The next connection, and from where it comes.
    fn accept_one(&self) -> io::Result<(Self::Socket, Address<Self>)>;
    /// Where it listens.
    fn local(&self) -> io::Result<Address<Self>>;
    /// Says to virtual time what `accepted`, which comes from `peer`, is an end of.
    fn note(&self, accepted: &Io<Self::Socket>, peer: &Address<Self>);
}

/// Where an end of a connection is that this kind of listener accepts.
pub(crate) type Address<L> = <<L as Listens>::Socket as Socket>::Address;
// ANCHOR_END: listens

// ANCHOR: listener
/// A socket that others connect to. [`TcpListener`](crate::TcpListener) is one.
///
/// ```
/// use event_loop::Clock;
/// use net::{TcpListener, TcpStream};
/// use std::pin::pin;
/// use streams::StreamExt;
///
/// net::run(Clock::real(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let first = TcpStream::connect(listener.local_addr()?).await?;
///     let second = TcpStream::connect(listener.local_addr()?).await?;
///     let (_called, from) = listener.accept().await?;
///     assert_eq!(from, first.local_addr()?);
///     // The same, as a stream.
///     let mut incoming = pin!(listener.incoming());
///     let called = incoming.next().await.unwrap()?;
///     assert_eq!(called.peer_addr()?, second.local_addr()?);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Listener<L: Listens> {
    pub(crate) io: Io<L>,
}
// ANCHOR_END: listener

impl<L: Listens> Listener<L> {
    // ANCHOR: accept
    /// Waits for the next connection, and says from where it comes.
    ///
    /// A connection that was given up before it could be accepted is passed over. Where
    /// there is no room for one more file, it waits until there is, and looks ten times a
    /// second: the connection stays in the queue.
    ///
    /// # Errors
    ///
    /// If the operating system refuses for another reason.
    #[track_caller]
    pub fn accept(
        &self,
    ) -> impl Future<Output = io::Result<(Connection<L::Socket>, Address<L>)>> {
        located("accept", self.accept_when_possible())
    }
    // ANCHOR_END: accept

    // ANCHOR: accept-loop
    async fn accept_when_possible(
        &self,
    ) -> io::Result<(Connection<L::Socket>, Address<L>)> {
        loop {
            let accepted = self.try_accept().await;
            // hole: accept — whoever has hung up is passed over; without room, sleep before the next try
            // tried by: no-room, closed-door
            // also: net
            match accepted {
                Err(error) if has_hung_up(&error) => {}
                Err(error) if has_no_room(&error) => timers::sleep(BACK_OFF).await,
                result => return result,
            }
            // end hole
        }
    }

    async fn try_accept(&self) -> io::Result<(Connection<L::Socket>, Address<L>)> {
        let (socket, peer) = self.io.run(Readiness::Read, L::accept_one).await?;
        let io = Io::new(socket)?;
        self.io.get_ref().note(&io, &peer);
        Ok((Connection::new(io), peer))
    }
    // ANCHOR_END: accept-loop

    /// All connections that come, one after the other, without an end. An error is one item, and the stream goes on.
    pub fn incoming(&self) -> impl Stream<Item = io::Result<Connection<L::Socket>>> {
        stream(async move |mut yields| {
            loop {
                let accepted = self.accept().await;
                yields
                    .send(accepted.map(|(connection, _)| connection))
                    .await;
            }
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<Address<L>> {
        self.io.get_ref().local()
    }
}

impl<L: Listens> fmt::Debug for Listener<L> {
    /// `Listener { local: 127.0.0.1:80, .. }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut listener = f.debug_struct("Listener");
        if let Ok(local) = self.local_addr() {
            listener.field("local", &local);
        }
        listener.finish_non_exhaustive()
    }
}

// ANCHOR: errors
/// The error is that of one connection, which is over before it began. Linux gives errors
/// of the network here as well.
fn has_hung_up(error: &io::Error) -> bool {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, NetworkDown,
        NetworkUnreachable,
    };
    matches!(
        error.kind(),
        ConnectionAborted
            | ConnectionReset
            | HostUnreachable
            | NetworkDown
            | NetworkUnreachable
    ) || is_one_of(HUNG_UP, error)
}

/// There are too many open files, or too little memory, for one more connection; or a
/// firewall forbids it, which need not be so for the next one.
fn has_no_room(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied};
    matches!(error.kind(), OutOfMemory | PermissionDenied) || is_one_of(NO_ROOM, error)
}

fn is_one_of(codes: &[i32], error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|it| codes.contains(&it))
}
// ANCHOR_END: errors

/// What std has no name for, of what Linux's `accept(2)` says is to be tried again. `EOPNOTSUPP` stands there too, and is
/// an error here: it also says that a socket can accept nobody, and to try that again would have no end.
#[cfg(unix)]
const HUNG_UP: &[i32] = &[
    Errno::PROTO.raw_os_error(),
    Errno::NOPROTOOPT.raw_os_error(),
    Errno::HOSTDOWN.raw_os_error(),
    #[cfg(target_os = "linux")]
    Errno::NONET.raw_os_error(),
];
#[cfg(windows)]
const HUNG_UP: &[i32] = &[10043];

/// For the process, for the machine, for the network.
#[cfg(unix)]
const NO_ROOM: &[i32] = &[
    Errno::MFILE.raw_os_error(),
    Errno::NFILE.raw_os_error(),
    Errno::NOBUFS.raw_os_error(),
];
#[cfg(windows)]
const NO_ROOM: &[i32] = &[10024, 10055];
