//! Bytes both ways: what a TCP stream and a Unix stream have in common.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::Shutdown;
use std::panic::Location;
use std::task::{Poll, ready};

use mio::event::Source;
use readiness::{Io, Readiness};

use crate::pollers::Pollers;

// ANCHOR: socket
/// A socket of the operating system that carries bytes both ways: mio's `TcpStream` and
/// `UnixStream`. It never blocks.
///
/// ```
/// use net::Socket;
///
/// fn say<S: Socket>(socket: &S) -> std::io::Result<usize> {
///     socket.send(&[std::io::IoSlice::new(b"taxi")])
/// }
///
/// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// let stream = std::net::TcpStream::connect(listener.local_addr()?)?;
/// assert_eq!(say(&mio::net::TcpStream::from_std(stream))?, 4);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Socket: Source + 'static {
    /// Where an end of it is.
    type Address: fmt::Debug;
    /// Reads into one buffer.
    fn receive(&self, buffer: &mut [u8]) -> io::Result<usize>;
    /// Reads into several.
    fn receive_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize>;
    /// Writes what is in one or several.
    fn send(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize>;
    /// Ends a direction.
    fn shut_down(&self, how: Shutdown) -> io::Result<()>;
    /// Where it is on this machine.
    fn local(&self) -> io::Result<Self::Address>;
    /// Where the other end is.
    fn peer(&self) -> io::Result<Self::Address>;
}
// ANCHOR_END: socket

macro_rules! socket {
    ($socket:ty, $address:ty) => {
        impl Socket for $socket {
            type Address = $address;

            fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
                (&*self).read(buffer)
            }

            fn receive_vectored(
                &self,
                buffers: &mut [IoSliceMut<'_>],
            ) -> io::Result<usize> {
                (&*self).read_vectored(buffers)
            }

            fn send(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
                match bytes {
                    [one] => (&*self).write(one),
                    several => (&*self).write_vectored(several),
                }
            }

            fn shut_down(&self, how: Shutdown) -> io::Result<()> {
                self.shutdown(how)
            }

            fn local(&self) -> io::Result<$address> {
                self.local_addr()
            }

            fn peer(&self) -> io::Result<$address> {
                self.peer_addr()
            }
        }
    };
}

socket!(mio::net::TcpStream, std::net::SocketAddr);
#[cfg(unix)]
socket!(mio::net::UnixStream, std::os::unix::net::SocketAddr);

// ANCHOR: connection
/// A connection: bytes both ways, in order. [`TcpStream`](crate::TcpStream) is one.
/// Dropping it closes it.
///
/// All methods take `&self`, so that several tasks may use it at once. One that is dropped
/// while it waits has done nothing, but for [`read_exact`](Connection::read_exact) and
/// [`write_all`](Connection::write_all), which may have done a part. It has the traits of
/// `futures-io`, and so has a reference to it.
///
/// ```
/// use event_loop::Clock;
/// use net::{TcpListener, TcpStream};
/// use std::net::Shutdown;
///
/// net::run(Clock::real(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let caller = TcpStream::connect(listener.local_addr()?).await?;
///     let (called, from) = listener.accept().await?;
///     assert_eq!((from, called.local_addr()?), (caller.local_addr()?, caller.peer_addr()?));
///     caller.write_all(b"a taxi, ").await?;
///     let sent = caller.write(b"please").await?;
///     caller.shutdown(Shutdown::Write)?;
///     let mut greeting = [0; 8];
///     called.read_exact(&mut greeting).await?;
///     let (mut heard, mut buffer) = (0, [0; 64]);
///     loop {
///         match called.read(&mut buffer).await? {
///             0 => break, // The end: `caller` writes no more.
///             got => heard += got,
///         }
///     }
///     assert_eq!(heard, sent);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Connection<S: Socket> {
    pub(crate) io: Io<S>,
    pub(crate) readers: Pollers,
    pub(crate) writers: Pollers,
}
// ANCHOR_END: connection

/// What one system call can move at most: std gives it no more than 1024 buffers, on Linux.
pub(crate) fn room(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.take(1024).sum()
}

impl<S: Socket> Connection<S> {
    pub(crate) fn new(io: Io<S>) -> Connection<S> {
        Connection {
            io,
            readers: Pollers::default(),
            writers: Pollers::default(),
        }
    }

    // ANCHOR: read
    /// Waits for bytes, and says how many went into `buffer`; 0 at the end of the stream,
    /// and, at once, if `buffer` is empty or reading was [shut down](Connection::shutdown).
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

    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len();
        self.receive(room, |socket| socket.receive(buffer))
    }
    // ANCHOR_END: read

    /// [`read`](Connection::read) into several buffers, one after the other.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    /// use std::io::{IoSlice, IoSliceMut};
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     let sent = caller.write_vectored(&[IoSlice::new(b"ta"), IoSlice::new(b"xi")]).await?;
    ///     let (mut first, mut second) = ([0; 1], [0; 8]);
    ///     let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    ///     assert_eq!(called.read_vectored(&mut buffers).await?, sent);
    ///     assert_eq!((&first, &second[..3]), (b"t", &b"axi"[..]));
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`read`](Connection::read).
    #[track_caller]
    pub fn read_vectored(
        &self,
        buffers: &mut [IoSliceMut<'_>],
    ) -> impl Future<Output = io::Result<usize>> {
        let room = room(buffers.iter().map(|it| it.len()));
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Read);
        attempt.waits = room > 0;
        attempt.run(move |_| self.try_read_vectored(room, buffers))
    }

    pub(crate) fn try_read_vectored(
        &self,
        room: usize,
        buffers: &mut [IoSliceMut<'_>],
    ) -> io::Result<usize> {
        self.receive(room, |socket| socket.receive_vectored(buffers))
    }

    // ANCHOR: receive
    fn receive(
        &self,
        room: usize,
        read: impl FnOnce(&S) -> io::Result<usize>,
    ) -> io::Result<usize> {
        if room == 0 || self.io.is_ended() {
            return Ok(0);
        }
        let got = read(self.io.get_ref())?;
        self.io.moved(Readiness::Read, got, room);
        Ok(got)
    }
    // ANCHOR_END: receive

    /// Fills `buffer`. Dropped half-way, what it has read is lost: [`StreamReader`](crate::StreamReader) keeps it.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the stream ends before; and as [`read`](Connection::read).
    #[track_caller]
    pub fn read_exact(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<()>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Read);
        attempt.waits = !buffer.is_empty();
        let mut filled = 0;
        poll_fn(move |context| {
            while filled < buffer.len() {
                let left = &mut buffer[filled..];
                let mut read = |_: &S| self.try_read(left);
                match ready!(attempt.poll_try(context, &mut read))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                    got => filled += got,
                }
            }
            Poll::Ready(Ok(()))
        })
    }

    /// Waits until some of `bytes` can be sent, and says how many were. No bytes are sent at once.
    ///
    /// # Errors
    ///
    /// If the connection is broken.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Write);
        attempt.waits = !bytes.is_empty();
        attempt.run(|_| self.try_write(&[IoSlice::new(bytes)]))
    }

    /// [`write`](Connection::write) from several buffers, one after the other.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    /// use std::io::IoSlice;
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let pieces = [IoSlice::new(b"ta"), IoSlice::new(b"xi")];
    ///     assert_eq!(caller.write_vectored(&pieces).await?, 4);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`write`](Connection::write).
    #[track_caller]
    pub fn write_vectored(
        &self,
        bytes: &[IoSlice<'_>],
    ) -> impl Future<Output = io::Result<usize>> {
        let mut attempt = self.io.attempt(Location::caller(), Readiness::Write);
        attempt.waits = bytes.iter().any(|it| !it.is_empty());
        attempt.run(|_| self.try_write(bytes))
    }

    pub(crate) fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        let length = room(bytes.iter().map(|it| it.len()));
        if length == 0 {
            return Ok(0);
        }
        let sent = self.io.get_ref().send(bytes)?;
        self.io.moved(Readiness::Write, sent, length);
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
        let mut left = bytes;
        poll_fn(move |context| {
            while !left.is_empty() {
                let mut write = |_: &S| self.try_write(&[IoSlice::new(left)]);
                match ready!(attempt.poll_try(context, &mut write))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    sent => left = &left[sent..],
                }
            }
            Poll::Ready(Ok(()))
        })
    }

    /// Ends one direction or both. After the end of writing the other side reads an end; after the end of reading every
    /// [`read`](Connection::read) is 0, those that wait too.
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shut_down(how)?;
        self.io.end(how);
        Ok(())
    }

    /// Where it is on this machine.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell.
    pub fn local_addr(&self) -> io::Result<S::Address> {
        self.io.get_ref().local()
    }

    /// Where the other end is.
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub fn peer_addr(&self) -> io::Result<S::Address> {
        self.io.get_ref().peer()
    }
}

impl<S: Socket> Drop for Connection<S> {
    fn drop(&mut self) {
        self.readers.forget(&self.io, Readiness::Read);
        self.writers.forget(&self.io, Readiness::Write);
    }
}

impl<S: Socket> fmt::Debug for Connection<S> {
    /// `Connection { local: 127.0.0.1:80, .. }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut connection = f.debug_struct("Connection");
        if let Ok(local) = self.local_addr() {
            connection.field("local", &local);
        }
        connection.finish_non_exhaustive()
    }
}
