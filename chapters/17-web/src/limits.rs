//! How much a server gives to whoever calls.

use std::time::Duration;

// ANCHOR: limits
/// How long a server waits, and how much it keeps. Each is finite, since whoever calls may
/// be nobody's friend.
///
/// ```
/// use std::time::Duration;
/// use web::{Limits, Server};
///
/// taxi::test::run(async {
///     let limits = Limits { header: Duration::from_secs(3), ..Limits::default() };
///     let server = Server::bind("127.0.0.1:0".parse().unwrap())?.limits(limits);
///     # let _ = server;
///     std::io::Result::Ok(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    /// For a header, from when the server is ready for it to its end: 10 s. So long may
    /// a connection be idle.
    pub header: Duration,
    /// How large a header may be, in bytes: 64 KiB.
    pub header_bytes: usize,
    /// How many lines a header may have: 100.
    pub header_lines: usize,
    /// How large the body of a request may be, in bytes: 2 MiB.
    pub body_bytes: u64,
    /// How long the next piece of a body may take: 10 s.
    pub body: Duration,
    /// How long an answer may make no progress, since its reader does not read: 10 s.
    pub write: Duration,
    /// How many connections are served at a time: 20,000. The others wait in the
    /// operating system until one ends.
    pub connections: usize,
}
// ANCHOR_END: limits

impl Default for Limits {
    fn default() -> Limits {
        let patience = Duration::from_secs(10);
        Limits {
            header: patience,
            header_bytes: 64 * 1024,
            header_lines: 100,
            body_bytes: 2 * 1024 * 1024,
            body: patience,
            write: patience,
            connections: 20_000,
        }
    }
}
