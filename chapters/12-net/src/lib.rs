//! TCP, UDP and Unix sockets, and asyncio's streams on them.
//!
//! Chapter 7 has as much of TCP as an echo needs: its `accept` answers the same error again and again when too many
//! files are open, its stream is in one piece, and no library that others wrote can use it. Here is the rest:
//!
//! - [`TcpListener`], [`TcpStream`], [`TcpSocket`]: bytes both ways, over the network;
//! - [`UdpSocket`], for datagrams;
//! - [`UnixListener`], [`UnixStream`], [`UnixDatagram`] (on Unix): the same on one machine, at a path;
//! - [`AsyncFd`] (on Unix): any other descriptor;
//! - a stream in two [halves](Connection::split), one to read from and one to write to, in tasks of their own;
//! - [`StreamReader`], [`StreamWriter`], [`open_connection`], [`start_server`]: asyncio's streams;
//! - the traits of `futures-io` on all of them: what rustls, hyper and many others ask for.
//!
//! Every method that waits takes `&self`, so that two tasks may use one socket at once, and says at which line it waits.
//!
//! ```
//! use event_loop::Clock;
//! use net::{TcpListener, TcpStream};
//! use std::io;
//!
//! # fn main() -> io::Result<()> {
//! let heard = net::run(Clock::real(), async {
//!     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
//!     let caller = TcpStream::connect(listener.local_addr()?).await?;
//!     let (called, _from) = listener.accept().await?;
//!     caller.write_all(b"a taxi, please").await?;
//!     let mut words = [0; 14];
//!     called.read_exact(&mut words).await?;
//!     io::Result::Ok(String::from_utf8_lossy(&words).into_owned())
//! })??;
//! assert_eq!(heard, "a taxi, please");
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

#[cfg(unix)]
mod async_fd;
mod connection;
#[cfg(unix)]
mod descriptor;
mod ends;
mod error;
mod halves;
mod listener;
mod located;
mod pollers;
mod reader;
mod run;
mod server;
mod tcp;
mod traits;
mod udp;
#[cfg(unix)]
mod unix;
mod writer;

#[cfg(unix)]
pub use async_fd::AsyncFd;
pub use connection::{Connection, Socket};
pub use error::{ReadError, again};
pub use halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
pub use listener::{Listener, Listens};
pub use located::{Located, located};
pub use reader::StreamReader;
pub use readiness::Readiness;
pub use run::run;
pub use server::{Server, open_connection, serve, start_server};
pub use socket2::SockRef;
pub use tcp::{TcpListener, TcpSocket, TcpStream};
pub use udp::UdpSocket;
#[cfg(unix)]
pub use unix::{UnixDatagram, UnixListener, UnixStream};
pub use writer::StreamWriter;
