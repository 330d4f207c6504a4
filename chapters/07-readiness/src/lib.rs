//! Waiting for sockets: the operating system calls.
//!
//! A socket that would block says so at once ([`WouldBlock`](std::io::ErrorKind::WouldBlock)), and the operating
//! system can be asked to tell when trying again is worth it: that is *readiness*. One call waits for thousands of
//! sockets. [`Reactor`] makes that call, through mio; it is one more way to [`Park`](wakers::Park), and so the whole
//! loop is `Executor<Timers<Reactor>>`.
//!
//! - [`Io`] registers a socket, tries the operation first, and waits for readiness when it would block;
//! - [`TcpListener`] and [`TcpStream`] are as much of TCP as an echo needs; chapter 12 has the rest;
//! - [`run`] puts the layers together.
//!
//! ```
//! use event_loop::Clock;
//! use readiness::{TcpListener, TcpStream};
//! use std::io;
//!
//! # fn main() -> io::Result<()> {
//! let heard = readiness::run(Clock::real(), async {
//!     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
//!     let caller = TcpStream::connect(listener.local_addr()?).await?;
//!     let (called, _) = listener.accept().await?;
//!     caller.write_all(b"a taxi, please").await?;
//!     let mut buffer = [0; 64];
//!     let length = called.read(&mut buffer).await?;
//!     io::Result::Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
//! })??;
//! assert_eq!(heard, "a taxi, please");
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod current;
mod direction;
mod ends;
mod io;
mod reactor;
mod run;
mod tcp;
mod unparker;

pub use ends::Endpoint;
pub use io::{Attempt, Io, Readiness};
pub use reactor::Reactor;
pub use run::{layers, run};
pub use tcp::{TcpListener, TcpStream};
