//! As much of TCP as an echo needs.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::panic::Location;

use mio::net;

use crate::io::{Io, Readiness};

/// A line of code.
type Place = &'static Location<'static>;

/// A socket that others connect to.
pub struct TcpListener {
    io: Io<net::TcpListener>,
}

/// A connection: bytes both ways. Dropping it closes it.
pub struct TcpStream {
    io: Io<net::TcpStream>,
}

impl TcpListener {
    /// Listens at `address`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the address is taken or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        let io = Io::new(net::TcpListener::bind(address)?)?;
        io.note_listener(io.get_ref().local_addr()?);
        Ok(TcpListener { io })
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    // ANCHOR: accept
    /// Waits for the next connection, and says from where it comes.
    ///
    /// # Errors
    ///
    /// If the operating system refuses, for example since too many files are open.
    #[track_caller]
    pub fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> {
        let accepted = self.io.run(Readiness::Read, net::TcpListener::accept);
        async {
            let (stream, from) = accepted.await?;
            let io = Io::new(stream)?;
            io.note_stream(io.get_ref().local_addr()?, from);
            Ok((TcpStream { io }, from))
        }
    }
    // ANCHOR_END: accept
}

impl TcpStream {
    // ANCHOR: connect
    /// Connects to `address`.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or nobody listens there.
    #[track_caller]
    pub fn connect(address: SocketAddr) -> impl Future<Output = io::Result<TcpStream>> {
        TcpStream::connect_at(Location::caller(), address)
    }

    async fn connect_at(place: Place, address: SocketAddr) -> io::Result<TcpStream> {
        let io = Io::new(net::TcpStream::connect(address)?)?;
        let connected = |stream: &net::TcpStream| {
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
        };
        let peer = io.run_at(place, Readiness::Write, connected).await?;
        io.note_stream(io.get_ref().local_addr()?, peer);
        Ok(TcpStream { io })
    }
    // ANCHOR_END: connect

    // ANCHOR: read
    /// Waits for bytes, and says how many went into `buffer`; 0 at the end of the stream.
    ///
    /// # Errors
    ///
    /// If the connection is broken: a reset is an error, not an end.
    #[track_caller]
    pub fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        self.read_at(Location::caller(), buffer)
    }

    async fn read_at(&self, place: Place, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len();
        let read = |mut stream: &net::TcpStream| stream.read(buffer);
        let got = self.io.run_at(place, Readiness::Read, read).await?;
        if got == 0 && wanted > 0 {
            self.io.traffic().end_received();
        } else {
            self.io.traffic().add_received(got);
        }
        if 0 < got && got < wanted {
            self.io.short(Readiness::Read);
        }
        Ok(got)
    }
    // ANCHOR_END: read

    /// Waits until some of `bytes` can be sent, and says how many were.
    ///
    /// # Errors
    ///
    /// If the connection is broken.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        self.write_at(Location::caller(), bytes)
    }

    async fn write_at(&self, place: Place, bytes: &[u8]) -> io::Result<usize> {
        let write = |mut stream: &net::TcpStream| stream.write(bytes);
        let sent = self.io.run_at(place, Readiness::Write, write).await?;
        self.io.traffic().add_sent(sent);
        if 0 < sent && sent < bytes.len() {
            self.io.short(Readiness::Write);
        }
        Ok(sent)
    }

    /// Sends all of `bytes`. Dropped half-way, it has sent some of them.
    ///
    /// # Errors
    ///
    /// If the connection breaks before.
    #[track_caller]
    pub fn write_all(&self, mut bytes: &[u8]) -> impl Future<Output = io::Result<()>> {
        let place = Location::caller();
        async move {
            while !bytes.is_empty() {
                match self.write_at(place, bytes).await? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    sent => bytes = &bytes[sent..],
                }
            }
            Ok(())
        }
    }

    /// Ends one direction or both; the other side reads an end.
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shutdown(how)?;
        if how != Shutdown::Read {
            self.io.traffic().end_sent();
        }
        Ok(())
    }

    /// Where it comes from on this machine.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }
}
