//! As much of TCP as an echo needs.

use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::panic::Location;
use std::task::{Poll, ready};

use mio::net;

use crate::ends::Endpoint;
use crate::io::{Io, Readiness};

// ANCHOR: struct
/// A socket that others connect to.
///
/// ```
/// use event_loop::Clock;
/// use readiness::{TcpListener, TcpStream};
///
/// readiness::run(Clock::real(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let caller = TcpStream::connect(listener.local_addr()?).await?;
///     let (_called, from) = listener.accept().await?;
///     assert_eq!(from, caller.local_addr()?);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TcpListener {
    io: Io<net::TcpListener>,
}

/// A connection: bytes both ways. Dropping it closes it.
///
/// ```
/// use event_loop::Clock;
/// use readiness::{TcpListener, TcpStream};
/// use std::net::Shutdown;
///
/// readiness::run(Clock::real(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let caller = TcpStream::connect(listener.local_addr()?).await?;
///     let (called, _) = listener.accept().await?;
///     caller.write_all(b"a taxi, ").await?;
///     let sent = caller.write(b"please").await?;
///     caller.shutdown(Shutdown::Write)?;
///     let (mut heard, mut buffer) = (0, [0; 64]);
///     loop {
///         match called.read(&mut buffer[heard..]).await? {
///             0 => break, // The end: `caller` writes no more.
///             got => heard += got,
///         }
///     }
///     assert_eq!(heard, 8 + sent);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TcpStream {
    io: Io<net::TcpStream>,
}
// ANCHOR_END: struct

impl TcpListener {
    /// Listens at `address`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the address is taken or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        let io = Io::new(net::TcpListener::bind(address)?)?;
        io.note(Endpoint::listener(io.get_ref().local_addr()?));
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
    /// If the operating system refuses. Where too many files are open the connection stays
    /// in the queue, and the next `accept` fails at once, too: a loop that goes on has to
    /// sleep before it asks again, until others have closed theirs. Any other error is that
    /// of one connection, and the listener goes on.
    #[track_caller]
    pub fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> {
        let accepted = self.io.run(Readiness::Read, net::TcpListener::accept);
        async {
            let (stream, from) = accepted.await?;
            let io = Io::new(stream)?;
            io.note(Endpoint::stream(io.get_ref().local_addr()?, from));
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
        let location = Location::caller();
        async move {
            let io = Io::new(net::TcpStream::connect(address)?)?;
            io.note(Endpoint::connecting(io.get_ref().local_addr()?, address));
            let peer = io.attempt(location, Readiness::Write).run(peer).await?;
            io.note(Endpoint::stream(io.get_ref().local_addr()?, peer));
            Ok(TcpStream { io })
        }
    }
    // ANCHOR_END: connect

    // ANCHOR: read
    /// Waits for bytes, and says how many went into `buffer`; 0 at the end of the stream,
    /// and, at once, if `buffer` is empty or reading was [shut down](TcpStream::shutdown).
    ///
    /// # Errors
    ///
    /// If the connection is broken: a reset is an error, not an end.
    #[track_caller]
    pub fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Read);
        attempt.waits = !buffer.is_empty();
        attempt.run(|_| self.try_read(buffer))
    }

    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.io.is_ended() {
            return Ok(0);
        }
        let got = self.io.get_ref().read(buffer)?;
        self.io.moved(Readiness::Read, got, buffer.len());
        Ok(got)
    }
    // ANCHOR_END: read

    /// Waits until some of `bytes` can be sent, and says how many were. No bytes are sent at once.
    ///
    /// # Errors
    ///
    /// If the connection is broken.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Write);
        attempt.waits = !bytes.is_empty();
        attempt.run(|_| self.try_write(bytes))
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let sent = self.io.get_ref().write(bytes)?;
        self.io.moved(Readiness::Write, sent, bytes.len());
        Ok(sent)
    }

    /// Sends all of `bytes`. Dropped half-way, it has sent some of them.
    ///
    /// # Errors
    ///
    /// If the connection breaks before.
    #[track_caller]
    pub fn write_all<'a>(
        &'a self,
        bytes: &'a [u8],
    ) -> impl Future<Output = io::Result<()>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Write);
        attempt.waits = !bytes.is_empty();
        let mut left = bytes;
        poll_fn(move |context| {
            loop {
                let mut write = |_: &net::TcpStream| self.try_write(left);
                match ready!(attempt.poll_try(context, &mut write))? {
                    all if all == left.len() => return Poll::Ready(Ok(())),
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    sent => left = &left[sent..],
                }
            }
        })
    }

    /// Ends one direction or both. After the end of writing the other side reads an end;
    /// after the end of reading every [`read`](TcpStream::read) is 0, those that wait too.
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shutdown(how)?;
        self.io.end(how);
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

/// Who is at the other end, once there is somebody.
fn peer(stream: &net::TcpStream) -> io::Result<SocketAddr> {
    stream.take_error()?.map_or(Ok(()), Err)?;
    // Through `try_io`: on Windows that is how mio hears of a try that blocked.
    stream.try_io(|| match stream.peer_addr() {
        Err(error) if error.kind() == io::ErrorKind::NotConnected => {
            Err(io::ErrorKind::WouldBlock.into())
        }
        result => result,
    })
}
