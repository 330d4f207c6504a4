//! Serves the book on `taxi`: a program for `pages serve`, which is what `cargo run -- read` becomes.
//!
//! It is a user of the chapters, so it may not compile while a reader is at work on one, or run and not answer. Whoever
//! starts it has a server without any of them to fall back on, and keeps the port: this one is lent the listener, as its
//! standard input. Its standard output is a connection to its starter, who writes a line of JSON there when the book has
//! been built, and when it could not be. Its end is the end of this server.
#![forbid(unsafe_code)]

#[cfg(unix)]
mod serve;

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    match serve::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("book-server: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("book-server: this system cannot lend a listener");
    ExitCode::FAILURE
}
