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
#![forbid(unsafe_code)]

mod current;
mod direction;
mod ends;
mod io;
mod reactor;
mod run;
mod tcp;
mod unparker;

pub use io::{Io, Readiness};
pub use reactor::Reactor;
pub use run::run;
pub use tcp::{TcpListener, TcpStream};
