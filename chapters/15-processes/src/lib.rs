//! Other programs, and what the operating system shouts into this one.
//!
//! A program that was started may end at any time, writes when it likes, and reads when it likes: that is I/O, and the
//! loop waits for it as for a socket. What is new is that a child which has ended must be *reaped*, or it stays in the
//! table of processes as a zombie; and that signals interrupt a thread wherever it is.
//!
//! - [`Command`] starts a program, and [`Child`] is one that runs: to wait for it, to write to it, to read what it says;
//! - [`signal`] and [`ctrl_c`] turn a signal into something that is awaited;
//! - [`run`] is chapter 14's `run` that Ctrl-C ends in good order, as it ends `asyncio.run`.
//!
//! ```
//! use processes::Command;
//!
//! # fn main() -> std::io::Result<()> {
//! let output = net::run(event_loop::Clock::real(), async {
//!     Command::new("echo").arg("a taxi").output().await
//! })??;
//! assert!(output.status.success());
//! assert_eq!(output.stdout, b"a taxi\n");
//! # Ok(())
//! # }
//! ```
//!
//! On Windows this crate is empty: mio has no pipes for children there.
#![cfg(unix)]
#![forbid(unsafe_code)]

mod child;
mod command;
mod exit;
mod pipes;
mod run;
mod signal;

pub use child::Child;
pub use command::Command;
pub use pipes::{ChildStderr, ChildStdin, ChildStdout};
pub use run::{Interrupted, run};
pub use signal::{Signal, ctrl_c, raise, signal};
pub use signal_hook::consts::{
    SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
};
