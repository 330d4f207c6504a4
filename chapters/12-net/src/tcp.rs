//! TCP.

use std::io;
use std::net::SocketAddr;
use std::panic::Location;

use mio::net;
use readiness::{Endpoint, Io, Readiness};
use socket2::{Domain, SockRef, Socket, Type};

use crate::connection::Connection;
use crate::listener::{Listener, Listens};
use crate::located::located;

/// A socket that others connect to, over the network.
pub type TcpListener = Listener<net::TcpListener>;

/// A connection over the network.
pub type TcpStream = Connection<net::TcpStream>;

impl Listens for net::TcpListener {
    type Socket = net::TcpStream;

    fn accept_one(&self) -> io::Result<(net::TcpStream, SocketAddr)> {
        self.accept()
    }

    fn local(&self) -> io::Result<SocketAddr> {
        self.local_addr()
    }

    fn note(&self, accepted: &Io<net::TcpStream>, peer: &SocketAddr) {
        if let Ok(own) = accepted.get_ref().local_addr() {
            accepted.note(Endpoint::stream(own, *peer));
        }
    }
}

impl Listener<net::TcpListener> {
    /// Listens at `address`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the address is taken or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        TcpListener::from_mio(net::TcpListener::bind(address)?)
    }

    /// A listener of the standard library, which does not block from here on.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::TcpListener;
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    ///     let address = listener.local_addr()?;
    ///     assert_eq!(TcpListener::from_std(listener)?.local_addr()?, address);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn from_std(listener: std::net::TcpListener) -> io::Result<TcpListener> {
        listener.set_nonblocking(true)?;
        TcpListener::from_mio(net::TcpListener::from_std(listener))
    }

    fn from_mio(listener: net::TcpListener) -> io::Result<TcpListener> {
        let io = Io::new(listener)?;
        io.note(Endpoint::listener(io.get_ref().local_addr()?));
        Ok(Listener { io })
    }
}

impl Connection<net::TcpStream> {
    // ANCHOR: connect
    /// Connects to `address`. Dropped before the end, the attempt is over and its socket
    /// closed; for one with a limit, put it into a [`timeout`](timers::timeout).
    ///
    /// # Errors
    ///
    /// If no reactor is current, or nobody listens there.
    #[track_caller]
    pub fn connect(address: SocketAddr) -> impl Future<Output = io::Result<TcpStream>> {
        located("connect", async move {
            connected(net::TcpStream::connect(address)?, address).await
        })
    }

    /// Connects to the first of `addresses` at which somebody answers: they are tried one
    /// after the other.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    ///
    /// net::run(Clock::real(), async {
    ///     let closed = TcpListener::bind("127.0.0.1:0".parse().unwrap())?.local_addr()?;
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let open = listener.local_addr()?;
    ///     let stream = TcpStream::connect_any(&[closed, open]).await?;
    ///     assert_eq!(stream.peer_addr()?, open);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// That of the last address, or `InvalidInput` if there is none.
    #[track_caller]
    pub fn connect_any(
        addresses: &[SocketAddr],
    ) -> impl Future<Output = io::Result<TcpStream>> {
        located("connect", async move {
            let none = "there is no address to connect to";
            let mut last = io::Error::new(io::ErrorKind::InvalidInput, none);
            for address in addresses {
                match TcpStream::connect(*address).await {
                    Err(error) => last = error,
                    stream => return stream,
                }
            }
            Err(last)
        })
    }
    // ANCHOR_END: connect

    /// A stream of the standard library, which does not block from here on.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<TcpStream> {
        stream.set_nonblocking(true)?;
        let io = Io::new(net::TcpStream::from_std(stream))?;
        let (own, peer) = (io.get_ref().local_addr(), io.get_ref().peer_addr());
        if let (Ok(own), Ok(peer)) = (own, peer) {
            io.note(Endpoint::stream(own, peer));
        }
        Ok(Connection::new(io))
    }

    /// The stream as one of the standard library, which blocks.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::TcpStream;
    /// use std::net::TcpListener;
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     let blocking: std::net::TcpStream = stream.into_std()?;
    ///     TcpStream::from_std(blocking)?.write_all(b"taxi").await
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no room for one more file, which it needs for a moment.
    pub fn into_std(self) -> io::Result<std::net::TcpStream> {
        let socket = self.options().try_clone()?;
        socket.set_nonblocking(false)?;
        Ok(socket.into())
    }

    /// Waits for bytes and leaves them there: the next read gets them.
    ///
    /// # Errors
    ///
    /// As [`read`](Connection::read).
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     caller.write_all(b"taxi").await?;
    ///     let mut first = [0];
    ///     assert_eq!((called.peek(&mut first).await?, &first), (1, b"t"));
    ///     assert_eq!((called.read(&mut first).await?, &first), (1, b"t"));
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn peek(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Read);
        attempt.waits = !buffer.is_empty();
        attempt.run(|socket| match buffer.is_empty() || self.io.is_ended() {
            true => Ok(0),
            false => socket.peek(buffer),
        })
    }

    /// Sends what is written at once, and does not wait to fill a packet (`TCP_NODELAY`).
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::TcpStream;
    /// use std::net::TcpListener;
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0")?;
    ///     let stream = TcpStream::connect(listener.local_addr()?).await?;
    ///     stream.set_nodelay(true)?;
    ///     assert!(stream.nodelay()?);
    ///     stream.options().set_linger(Some(std::time::Duration::ZERO))
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.io.get_ref().set_nodelay(nodelay)
    }

    /// Whether it [sends at once](Connection::set_nodelay).
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.io.get_ref().nodelay()
    }

    /// All the other options that it has, through the crate socket2.
    pub fn options(&self) -> SockRef<'_> {
        SockRef::from(self.io.get_ref())
    }
}

// ANCHOR: connected
/// Waits until `socket` is connected to `address`.
async fn connected(socket: net::TcpStream, address: SocketAddr) -> io::Result<TcpStream> {
    let io = Io::new(socket)?;
    io.note(Endpoint::connecting(io.get_ref().local_addr()?, address));
    let peer = io.run(Readiness::Write, peer).await?;
    io.note(Endpoint::stream(io.get_ref().local_addr()?, peer));
    Ok(Connection::new(io))
}

/// Who is at the other end, once there is somebody.
fn peer(stream: &net::TcpStream) -> io::Result<SocketAddr> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    // Through `try_io`: on Windows that is how mio hears of a try that blocked.
    stream.try_io(|| match stream.peer_addr() {
        Err(error) if error.kind() == io::ErrorKind::NotConnected => {
            Err(io::ErrorKind::WouldBlock.into())
        }
        result => result,
    })
}
// ANCHOR_END: connected

/// A TCP socket that is neither connected nor listens yet: for options that must be set before.
///
/// ```
/// use event_loop::Clock;
/// use net::TcpSocket;
///
/// net::run(Clock::real(), async {
///     let socket = TcpSocket::new_v4()?;
///     socket.set_reuse_address(true)?;
///     socket.bind("127.0.0.1:0".parse().unwrap())?;
///     let listener = socket.listen(1024)?;
///     let socket = TcpSocket::new_v4()?;
///     socket.options().set_send_buffer_size(4096)?;
///     let stream = socket.connect(listener.local_addr()?).await?;
///     assert_eq!(stream.peer_addr()?, listener.local_addr()?);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct TcpSocket(Socket);

impl TcpSocket {
    /// For IPv4.
    ///
    /// # Errors
    ///
    /// If there is no room for one more file.
    pub fn new_v4() -> io::Result<TcpSocket> {
        TcpSocket::new(Domain::IPV4)
    }

    /// For IPv6.
    ///
    /// ```
    /// let socket = net::TcpSocket::new_v6()?;
    /// socket.options().set_only_v6(true)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no room for one more file.
    pub fn new_v6() -> io::Result<TcpSocket> {
        TcpSocket::new(Domain::IPV6)
    }

    fn new(domain: Domain) -> io::Result<TcpSocket> {
        let socket = Socket::new(domain, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        Ok(TcpSocket(socket))
    }

    /// Allows [`bind`](TcpSocket::bind) to an address that a connection had not long ago.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn set_reuse_address(&self, reuse: bool) -> io::Result<()> {
        self.0.set_reuse_address(reuse)
    }

    /// Allows [`bind`](TcpSocket::bind) to an address at which others listen: the operating system shares the
    /// connections out among all who say so.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let socket = net::TcpSocket::new_v4()?;
    /// socket.set_reuse_port(true)?;
    /// assert!(socket.options().reuse_port()?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    #[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos"))))]
    pub fn set_reuse_port(&self, reuse: bool) -> io::Result<()> {
        self.0.set_reuse_port(reuse)
    }

    /// All the other options that it has, through the crate socket2.
    pub fn options(&self) -> SockRef<'_> {
        SockRef::from(&self.0)
    }

    /// Gives it an address of this machine.
    ///
    /// # Errors
    ///
    /// If that is taken or not ours.
    pub fn bind(&self, address: SocketAddr) -> io::Result<()> {
        self.0.bind(&address.into())
    }

    /// Listens; at most about `backlog` connections wait to be accepted.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn listen(self, backlog: i32) -> io::Result<TcpListener> {
        self.0.listen(backlog)?;
        TcpListener::from_std(self.0.into())
    }

    /// Connects to `address`, as [`TcpStream::connect`](Connection::connect).
    ///
    /// # Errors
    ///
    /// As there.
    #[track_caller]
    pub fn connect(
        self,
        address: SocketAddr,
    ) -> impl Future<Output = io::Result<TcpStream>> {
        located("connect", async move {
            match self.0.connect(&address.into()) {
                Err(error) if !is_under_way(&error) => return Err(error),
                _ => {}
            }
            connected(net::TcpStream::from_std(self.0.into()), address).await
        })
    }
}

/// The connection is being made.
fn is_under_way(error: &io::Error) -> bool {
    #[cfg(unix)]
    let under_way =
        error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error());
    #[cfg(not(unix))]
    let under_way = error.kind() == io::ErrorKind::WouldBlock;
    under_way
}
