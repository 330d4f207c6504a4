//! UDP: datagrams over the network.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use mio::net;
use readiness::{Io, Readiness};
use socket2::SockRef;

use crate::ends::{Place, note_datagrams, note_peer, note_sent};

// ANCHOR: udp
/// A socket for datagrams: each arrives whole, or not at all, and nobody says which.
///
/// A buffer that is too short gets the beginning, and the rest is lost. An empty one takes a
/// datagram too, and an empty datagram is one. Dropped while it waits, a send or receive has
/// done nothing.
///
/// ```
/// use event_loop::Clock;
/// use net::UdpSocket;
///
/// net::run(Clock::real(), async {
///     let office = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
///     let taxi = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
///     taxi.send_to(b"free", office.local_addr()?).await?;
///     let mut buffer = [0; 64];
///     assert_eq!(office.peek_from(&mut buffer).await?, (4, taxi.local_addr()?));
///     let (length, from) = office.recv_from(&mut buffer).await?;
///     assert_eq!(&buffer[..length], b"free");
///     // From now on with one other alone.
///     office.connect(from)?;
///     assert_eq!(office.peer_addr()?, from);
///     office.send(b"go").await?;
///     assert_eq!(taxi.recv(&mut buffer).await?, 2);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct UdpSocket {
    pub(crate) io: Io<net::UdpSocket>,
    /// To whom `send` sends.
    peer: Cell<Option<SocketAddr>>,
}
// ANCHOR_END: udp

impl UdpSocket {
    /// A socket at `address`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the address is taken or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
        UdpSocket::from_mio(net::UdpSocket::bind(address)?)
    }

    /// A socket of the standard library, which does not block from here on.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// net::run(Clock::real(), async {
    ///     let socket = std::net::UdpSocket::bind("127.0.0.1:0")?;
    ///     let address = socket.local_addr()?;
    ///     assert_eq!(net::UdpSocket::from_std(socket)?.local_addr()?, address);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub fn from_std(socket: std::net::UdpSocket) -> io::Result<UdpSocket> {
        socket.set_nonblocking(true)?;
        UdpSocket::from_mio(net::UdpSocket::from_std(socket))
    }

    fn from_mio(socket: net::UdpSocket) -> io::Result<UdpSocket> {
        let io = Io::new(socket)?;
        note_datagrams(&io, Place::port(io.get_ref().local_addr()?));
        let peer = Cell::new(io.get_ref().peer_addr().ok());
        Ok(UdpSocket { io, peer })
    }

    /// From now on it [sends](UdpSocket::send) to `address`, and receives from there alone. It may be changed.
    ///
    /// # Errors
    ///
    /// If there is no way to it.
    pub fn connect(&self, address: SocketAddr) -> io::Result<()> {
        self.io.get_ref().connect(address)?;
        note_peer(&self.io, || Some(Place::port(address)));
        self.peer.set(Some(address));
        Ok(())
    }

    // ANCHOR: send
    /// Sends a datagram to where it is [connected](UdpSocket::connect).
    ///
    /// # Errors
    ///
    /// If it is connected nowhere, if no datagram is so long, or if an earlier one has met
    /// nobody there.
    #[track_caller]
    pub fn send(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        self.io.run(Readiness::Write, |socket| {
            note_sent(&self.io, || self.peer.get().map(Place::port));
            socket.send(bytes)
        })
    }

    /// Sends a datagram to `address`.
    ///
    /// # Errors
    ///
    /// If there is no way to it, or no datagram is so long.
    #[track_caller]
    pub fn send_to(
        &self,
        bytes: &[u8],
        address: SocketAddr,
    ) -> impl Future<Output = io::Result<usize>> {
        self.io.run(Readiness::Write, move |socket| {
            note_sent(&self.io, || Some(Place::port(address)));
            socket.send_to(bytes, address)
        })
    }
    // ANCHOR_END: send

    /// Waits for a datagram, and says how many bytes of it are in `buffer`.
    ///
    /// # Errors
    ///
    /// If an earlier datagram of ours has met nobody at the address that this is connected to.
    #[track_caller]
    pub fn recv(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        self.io.run(Readiness::Read, |socket| socket.recv(buffer))
    }

    /// [`recv`](UdpSocket::recv), and from where the datagram comes.
    ///
    /// # Errors
    ///
    /// As there.
    #[track_caller]
    pub fn recv_from(
        &self,
        buffer: &mut [u8],
    ) -> impl Future<Output = io::Result<(usize, SocketAddr)>> {
        self.io
            .run(Readiness::Read, |socket| socket.recv_from(buffer))
    }

    /// [`recv_from`](UdpSocket::recv_from), and the datagram stays: the next one to receive gets it.
    ///
    /// # Errors
    ///
    /// As there.
    #[track_caller]
    pub fn peek_from(
        &self,
        buffer: &mut [u8],
    ) -> impl Future<Output = io::Result<(usize, SocketAddr)>> {
        self.io
            .run(Readiness::Read, |socket| socket.peek_from(buffer))
    }

    /// Where it is on this machine.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// Where it is [connected](UdpSocket::connect) to.
    ///
    /// # Errors
    ///
    /// If that is nowhere.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr()
    }

    /// All the options that it has (broadcast, multicast, the size of buffers …), through the crate socket2.
    pub fn options(&self) -> SockRef<'_> {
        SockRef::from(self.io.get_ref())
    }
}

impl fmt::Debug for UdpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.io.get_ref().fmt(f)
    }
}
