//! What a program shows: one line at a time, through one function.
//!
//! Two things, which a run and its picture have in common:
//!
//! - [`say!`] prints a line;
//! - the *hooks*, such as [`Task::polled`], tell a recorder what a loop does. Built without the feature `record` (as
//!   everything is but the programs that `cargo run -- trace` starts) a hook is an empty function on a value without
//!   size. The listings of the book leave the lines of hooks out.
//!
//! A chapter's programs print with [`say!`], never with `println!`. Two things follow. Output that nobody reads
//! any more (`… | head`) ends the program quietly, where `println!` would panic. And since every line passes
//! through [`line()`], a recorder can stand there and note *when* a line was printed, which is how the book's
//! pictures get their output column.
//!
//! ```
//! use trace::{Task, here, say};
//!
//! let (seconds, taxi) = (9, 'A');
//! say!("{seconds:3} s  taxi {taxi} is home");
//! // What a loop says of a task that it polls.
//! let traced = Task::spawned(format_args!("taxi {taxi}"), here());
//! traced.polled();
//! traced.finished();
//! ```
#![forbid(unsafe_code)]

#[cfg(not(feature = "record"))]
#[path = "off.rs"]
mod hooks;
#[cfg(feature = "record")]
#[path = "on/mod.rs"]
mod hooks;
#[cfg(feature = "record")]
mod record;
#[cfg(feature = "record")]
mod run;

use std::fmt;
use std::io::{self, Write};
use std::panic::Location;

pub use hooks::{
    Driven, Heap, HostRuns, Inbox, Loop, ManyLoops, Message, Network, Parked, Resume,
    Run, Socket, Task, about, begin, clock_is, coroutine_due, coroutine_started, driven,
    followed, heartbeat, host_is, jumped, loop_of_one, loop_started, many_loops, name,
    network_between, parked, queued, requeued, resumed, suspended,
};

/// The line that calls this, or, in a `#[track_caller]` function, the line that calls that.
#[inline]
#[track_caller]
pub fn here() -> &'static Location<'static> {
    Location::caller()
}

/// Prints one line, as `println!` does.
///
/// ```
/// let taxi = 'A';
/// trace::say!("taxi {taxi} is home");
/// ```
///
/// If that cannot be written, the process ends: see [`line()`].
#[macro_export]
macro_rules! say {
    () => { $crate::line(::core::format_args!("")) };
    ($($arg:tt)*) => { $crate::line(::core::format_args!($($arg)*)) };
}

/// Writes `text` and a line feed to standard output; what [`say!`] calls.
///
/// A reader that went away (a closed pipe) ends the process with status 0: nobody is left to print for. Any other
/// failure (a full disk) ends it with status 1 and says so on standard error. It is no panic: a panic's message is
/// printed by this same function.
pub fn line(text: fmt::Arguments<'_>) {
    hooks::printed(text);
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}") {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            // Nobody can be told if that fails, too.
            let _ = writeln!(io::stderr(), "error: standard output: {error}");
            std::process::exit(1)
        }
    }
}
