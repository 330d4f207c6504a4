//! Unix sockets: connections and datagrams between processes of one machine, at a path.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mio::net;
use readiness::{Io, Readiness};
use timers::sleep;

use crate::connection::Connection;
use crate::ends::{
    Place, note_accepted, note_connected, note_datagrams, note_internal, note_listener,
    note_pair, note_sent,
};
use crate::listener::{Listener, Listens};
use crate::located::located;

/// How long to wait where the other side has no room, and nobody tells when that changes.
const BACK_OFF: Duration = Duration::from_millis(10);

/// A socket that others on this machine connect to.
pub type UnixListener = Listener<net::UnixListener>;

/// A connection on this machine.
pub type UnixStream = Connection<net::UnixStream>;

/// Where `address` is, if it is a path.
fn place(address: io::Result<SocketAddr>) -> Option<Place> {
    address.ok()?.as_pathname().map(Place::path)
}

impl Listens for net::UnixListener {
    type Socket = net::UnixStream;

    fn accept_one(&self) -> io::Result<(net::UnixStream, SocketAddr)> {
        self.accept()
    }

    fn local(&self) -> io::Result<SocketAddr> {
        self.local_addr()
    }

    fn note(&self, accepted: &Io<net::UnixStream>, _peer: &SocketAddr) {
        if timers::is_virtual()
            && let Some(place) = place(self.local_addr())
        {
            note_accepted(accepted, &place);
        }
    }
}

impl Listener<net::UnixListener> {
    /// Listens at `path`, where nothing may be yet. The path stays when the listener is gone.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{UnixListener, UnixStream};
    ///
    /// let folder = tempfile::tempdir()?;
    /// net::run(Clock::real(), async {
    ///     let listener = UnixListener::bind(folder.path().join("office"))?;
    ///     let caller = UnixStream::connect(folder.path().join("office")).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     caller.write_all(b"taxi").await?;
    ///     assert_eq!(called.read(&mut [0; 64]).await?, 4);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the path is taken or cannot be made.
    pub fn bind(path: impl AsRef<Path>) -> io::Result<UnixListener> {
        UnixListener::from_mio(net::UnixListener::bind(path)?)
    }

    /// A listener of the standard library, which does not block from here on.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::UnixListener;
    ///
    /// let folder = tempfile::tempdir()?;
    /// net::run(Clock::real(), async {
    ///     let path = folder.path().join("office");
    ///     let listener = std::os::unix::net::UnixListener::bind(&path)?;
    ///     let listener = UnixListener::from_std(listener)?;
    ///     assert_eq!(listener.local_addr()?.as_pathname(), Some(&*path));
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn from_std(
        listener: std::os::unix::net::UnixListener,
    ) -> io::Result<UnixListener> {
        listener.set_nonblocking(true)?;
        UnixListener::from_mio(net::UnixListener::from_std(listener))
    }

    fn from_mio(listener: net::UnixListener) -> io::Result<UnixListener> {
        let io = Io::new(listener)?;
        if let Some(place) = place(io.get_ref().local_addr()) {
            note_listener(&io, place);
        }
        Ok(Listener { io })
    }
}

impl Connection<net::UnixStream> {
    // ANCHOR: connect
    /// Connects to the listener at `path`. If its queue is full, it tries again every 10 ms:
    /// Linux does not tell when that changes.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or nobody listens there.
    #[track_caller]
    pub fn connect(
        path: impl AsRef<Path>,
    ) -> impl Future<Output = io::Result<UnixStream>> {
        located("connect", async move {
            loop {
                match net::UnixStream::connect(path.as_ref()) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        sleep(BACK_OFF).await;
                    }
                    stream => {
                        let io = Io::new(stream?)?;
                        if timers::is_virtual() {
                            note_connected(&io, &Place::path(path.as_ref()));
                        }
                        return Ok(Connection::new(io));
                    }
                }
            }
        })
    }
    // ANCHOR_END: connect

    /// Two streams that are connected with each other.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let (one, other) = net::UnixStream::pair()?;
    ///     one.write_all(b"taxi").await?;
    ///     assert_eq!(other.read(&mut [0; 64]).await?, 4);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or there is no room for two more files.
    pub fn pair() -> io::Result<(UnixStream, UnixStream)> {
        let (one, other) = net::UnixStream::pair()?;
        let (one, other) = (Io::new(one)?, Io::new(other)?);
        note_pair(&one, &other);
        Ok((Connection::new(one), Connection::new(other)))
    }

    /// A stream of the standard library, which does not block from here on. To virtual time its other end is outside.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use std::io::Read;
    ///
    /// net::run(Clock::real(), async {
    ///     let (one, mut other) = std::os::unix::net::UnixStream::pair()?;
    ///     net::UnixStream::from_std(one)?.write_all(b"taxi").await?;
    ///     other.read_exact(&mut [0; 4])
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn from_std(stream: std::os::unix::net::UnixStream) -> io::Result<UnixStream> {
        stream.set_nonblocking(true)?;
        Ok(Connection::new(Io::new(net::UnixStream::from_std(stream))?))
    }
}

// ANCHOR: datagram
/// A socket for datagrams on this machine. None is lost: whoever finds no room waits.
///
/// ```
/// use event_loop::Clock;
/// use net::UnixDatagram;
///
/// let folder = tempfile::tempdir()?;
/// net::run(Clock::real(), async {
///     let office = UnixDatagram::bind(folder.path().join("office"))?;
///     let taxi = UnixDatagram::unbound()?;
///     taxi.send_to(b"free", folder.path().join("office")).await?;
///     taxi.connect(folder.path().join("office"))?;
///     taxi.send(b"still free").await?;
///     let mut buffer = [0; 64];
///     assert_eq!(office.recv(&mut buffer).await?, 4);
///     let (length, from) = office.recv_from(&mut buffer).await?;
///     assert!(length == 10 && from.is_unnamed());
///     let (one, other) = UnixDatagram::pair()?;
///     one.send(b"taxi").await?;
///     assert_eq!(other.recv(&mut buffer).await?, 4);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct UnixDatagram {
    pub(crate) io: Io<net::UnixDatagram>,
    /// One of a [`pair`](UnixDatagram::pair).
    paired: bool,
}
// ANCHOR_END: datagram

impl UnixDatagram {
    /// A socket at `path`, where nothing may be yet.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the path is taken or cannot be made.
    pub fn bind(path: impl AsRef<Path>) -> io::Result<UnixDatagram> {
        let io = Io::new(net::UnixDatagram::bind(path)?)?;
        if let Some(place) = place(io.get_ref().local_addr()) {
            note_datagrams(&io, place);
        }
        Ok(UnixDatagram { io, paired: false })
    }

    /// A socket without a path: nobody can answer it.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or there is no room for one more file.
    pub fn unbound() -> io::Result<UnixDatagram> {
        let io = Io::new(net::UnixDatagram::unbound()?)?;
        note_internal(&io);
        Ok(UnixDatagram { io, paired: false })
    }

    /// Two sockets that are connected with each other.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or there is no room for two more files.
    pub fn pair() -> io::Result<(UnixDatagram, UnixDatagram)> {
        let (one, other) = net::UnixDatagram::pair()?;
        let (one, other) = (Io::new(one)?, Io::new(other)?);
        note_pair(&one, &other);
        let of_a_pair = |io| UnixDatagram { io, paired: true };
        Ok((of_a_pair(one), of_a_pair(other)))
    }

    /// From now on it [sends](UnixDatagram::send) to the socket at `path`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn connect(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.io.get_ref().connect(path)
    }

    /// Sends a datagram to where it is [connected](UnixDatagram::connect).
    ///
    /// # Errors
    ///
    /// If that is nowhere, or the other is gone, or no datagram is so long.
    #[track_caller]
    pub fn send(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        self.io.run(Readiness::Write, |socket| {
            if !self.paired {
                note_sent(&self.io, || place(socket.peer_addr()));
            }
            let sent = socket.send(bytes)?;
            self.count(Readiness::Write);
            Ok(sent)
        })
    }

    /// Sends a datagram to the socket at `path`. If that has no room, it tries again every millisecond: Linux does not
    /// tell when that changes. It tells a socket that is [connected](UnixDatagram::connect).
    ///
    /// # Errors
    ///
    /// If there is none, or no datagram is so long.
    #[track_caller]
    pub fn send_to(
        &self,
        bytes: &[u8],
        path: impl AsRef<Path>,
    ) -> impl Future<Output = io::Result<usize>> {
        located("send_to", async move {
            let path: PathBuf = path.as_ref().into();
            loop {
                poll_fn(|context| polling::spend(context)).await;
                note_sent(&self.io, || Some(Place::path(&path)));
                // Not by readiness: a try that finds no room makes Linux say that there is some.
                match self.io.get_ref().send_to(bytes, &path) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        sleep(Duration::from_millis(1)).await;
                    }
                    sent => return sent,
                }
            }
        })
    }

    /// Waits for a datagram, and says how many bytes of it are in `buffer`.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    #[track_caller]
    pub fn recv(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        self.io.run(Readiness::Read, |socket| {
            let got = socket.recv(buffer)?;
            self.count(Readiness::Read);
            Ok(got)
        })
    }

    /// [`recv`](UnixDatagram::recv), and from where the datagram comes.
    ///
    /// # Errors
    ///
    /// As there.
    #[track_caller]
    pub fn recv_from(
        &self,
        buffer: &mut [u8],
    ) -> impl Future<Output = io::Result<(usize, SocketAddr)>> {
        self.io.run(Readiness::Read, |socket| {
            let got = socket.recv_from(buffer)?;
            self.count(Readiness::Read);
            Ok(got)
        })
    }

    /// One more datagram has gone this way. As many as could, so that another one is tried.
    fn count(&self, way: Readiness) {
        self.io.moved(way, 1, 1);
    }

    /// Where it is.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }
}

impl fmt::Debug for UnixDatagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.io.get_ref().fmt(f)
    }
}
