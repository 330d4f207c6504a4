//! A connection in two halves: one to read from, one to write to.

use std::fmt;
use std::io;
use std::net::Shutdown;
use std::rc::Rc;

use mio::net;
use readiness::Readiness;

use crate::connection::{Connection, Socket};

// ANCHOR: halves
/// The half that reads; made by [`split`](Connection::split).
#[derive(Debug)]
pub struct ReadHalf<'a, S: Socket>(&'a Connection<S>);

/// The half that writes; made by [`split`](Connection::split).
#[derive(Debug)]
pub struct WriteHalf<'a, S: Socket>(&'a Connection<S>);

/// The half that reads, for a task of its own;
/// made by [`into_split`](Connection::into_split).
#[derive(Debug)]
pub struct OwnedReadHalf<S: Socket = net::TcpStream>(Rc<Connection<S>>);

/// The half that writes, for a task of its own;
/// made by [`into_split`](Connection::into_split).
///
/// Dropping it ends writing: the other side reads an end. The socket is closed when both
/// halves are gone.
#[derive(Debug)]
pub struct OwnedWriteHalf<S: Socket = net::TcpStream> {
    connection: Rc<Connection<S>>,
    /// False once it was [reunited](OwnedReadHalf::reunite).
    ends: bool,
}
// ANCHOR_END: halves

/// The two are not halves of one connection. They come back.
///
/// ```
/// use event_loop::Clock;
/// use net::{ReuniteError, TcpListener, TcpStream};
///
/// net::run(Clock::real(), async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let (one, _) = TcpStream::connect(listener.local_addr()?).await?.into_split();
///     let (_, other) = TcpStream::connect(listener.local_addr()?).await?.into_split();
///     let ReuniteError(_one, _other) = one.reunite(other).unwrap_err();
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ReuniteError<S: Socket>(pub OwnedReadHalf<S>, pub OwnedWriteHalf<S>);

impl<S: Socket> Connection<S> {
    /// Two halves, which borrow it.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let mut caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (mut called, _) = listener.accept().await?;
    ///     let (_reads, writes) = caller.split();
    ///     writes.write_all(b"taxi").await?;
    ///     let (reads, _writes) = called.split();
    ///     assert_eq!(reads.read(&mut [0; 64]).await?, 4);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn split(&mut self) -> (ReadHalf<'_, S>, WriteHalf<'_, S>) {
        (ReadHalf(self), WriteHalf(self))
    }

    /// Two halves, which may go their own ways, and be put together again.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{TcpListener, TcpStream};
    ///
    /// net::run(Clock::real(), async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     let (reads, writes) = called.into_split();
    ///     let echo = task_cell::spawn(async move {
    ///         let mut buffer = [0; 64];
    ///         let got = reads.read(&mut buffer).await?;
    ///         writes.write_all(&buffer[..got]).await?;
    ///         std::io::Result::Ok(reads.reunite(writes).expect("they are halves of one"))
    ///     });
    ///     caller.write_all(b"taxi").await?;
    ///     let mut heard = [0; 4];
    ///     caller.read_exact(&mut heard).await?;
    ///     let called: TcpStream = echo.await.unwrap()?;
    ///     called.write_all(b"here").await
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn into_split(self) -> (OwnedReadHalf<S>, OwnedWriteHalf<S>) {
        let connection = Rc::new(self);
        let writes = OwnedWriteHalf {
            connection: Rc::clone(&connection),
            ends: true,
        };
        (OwnedReadHalf(connection), writes)
    }
}

// ANCHOR: reunite
impl<S: Socket> OwnedReadHalf<S> {
    /// The connection, whole again.
    ///
    /// # Errors
    ///
    /// If the other is half of another connection.
    pub fn reunite(
        self,
        mut other: OwnedWriteHalf<S>,
    ) -> Result<Connection<S>, ReuniteError<S>> {
        if !Rc::ptr_eq(&self.0, &other.connection) {
            return Err(ReuniteError(self, other));
        }
        let connection = Rc::clone(&self.0);
        other.ends = false;
        drop((self, other));
        Ok(Rc::into_inner(connection).expect("there are only two halves"))
    }
}
// ANCHOR_END: reunite

impl<S: Socket> Drop for OwnedReadHalf<S> {
    fn drop(&mut self) {
        self.0.readers.forget(&self.0.io, Readiness::Read);
    }
}

// ANCHOR: drop
impl<S: Socket> Drop for OwnedWriteHalf<S> {
    fn drop(&mut self) {
        let connection = &self.connection;
        connection.writers.forget(&connection.io, Readiness::Write);
        // hole: half — unless it was reunited, nobody will write any more: let the other side know
        // tried by: halves, reunited
        // also: net
        if self.ends {
            // An error: the connection is over, and the other side knows.
            drop(connection.shutdown(Shutdown::Write));
        }
        // end hole
    }
}
// ANCHOR_END: drop

impl<S: Socket> fmt::Debug for ReuniteError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReuniteError")
    }
}

impl<S: Socket> fmt::Display for ReuniteError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the two are not halves of one connection")
    }
}

impl<S: Socket> std::error::Error for ReuniteError<S> {}

/// What each half that reads has of its connection.
macro_rules! reads {
    ($half:ty, $it:ident => $connection:expr, $($life:lifetime)?) => {
        impl<$($life,)? S: Socket> $half {
            /// As [`Connection::read`].
            ///
            /// # Errors
            ///
            /// As there.
            #[track_caller]
            pub fn read(
                &self,
                buffer: &mut [u8],
            ) -> impl Future<Output = io::Result<usize>> {
                self.get_ref().read(buffer)
            }

            /// As [`Connection::read_exact`].
            ///
            /// # Errors
            ///
            /// As there.
            #[track_caller]
            pub fn read_exact(
                &self,
                buffer: &mut [u8],
            ) -> impl Future<Output = io::Result<()>> {
                self.get_ref().read_exact(buffer)
            }

            /// The connection that it is a half of.
            pub fn get_ref(&self) -> &Connection<S> {
                let $it = self;
                $connection
            }
        }
    };
}

/// What each half that writes has of its connection.
macro_rules! writes {
    ($half:ty, $it:ident => $connection:expr, $($life:lifetime)?) => {
        impl<$($life,)? S: Socket> $half {
            /// As [`Connection::write`].
            ///
            /// # Errors
            ///
            /// As there.
            #[track_caller]
            pub fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
                self.get_ref().write(bytes)
            }

            /// As [`Connection::write_all`].
            ///
            /// # Errors
            ///
            /// As there.
            #[track_caller]
            pub fn write_all<'b>(
                &'b self,
                bytes: &'b [u8],
            ) -> impl Future<Output = io::Result<()>> {
                self.get_ref().write_all(bytes)
            }

            /// The connection that it is a half of.
            pub fn get_ref(&self) -> &Connection<S> {
                let $it = self;
                $connection
            }
        }
    };
}

reads!(ReadHalf<'a, S>, it => it.0, 'a);
reads!(OwnedReadHalf<S>, it => &it.0,);
writes!(WriteHalf<'a, S>, it => it.0, 'a);
writes!(OwnedWriteHalf<S>, it => &it.connection,);
