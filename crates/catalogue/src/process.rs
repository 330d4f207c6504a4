//! Running somebody else's program without being held up by it.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use wait_timeout::ChildExt;

use crate::children::{self, Noted};

/// More than any transcript; a loop that prints for ever reaches it within the second.
const MOST_OUTPUT: u64 = 4 << 20;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself.
    Status(ExitStatus),
    /// It did not, and was killed.
    TimedOut,
    /// It was cut off: it wrote more than 4 MiB to standard output or to standard error.
    TooMuch,
}

/// What a process did.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// Runs `command` for `limit` at most (then it is ended, with all that it has started), without input, and keeps what it writes.
///
/// # Errors
///
/// If it cannot be started, or not be waited for.
pub fn run(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = children::start(command)?;
    let stdout = keep(child.stdout.take());
    let stderr = keep(child.stderr.take());
    let status = wait(&mut child, limit)?;
    let (stdout, stderr) = (take(&stdout), take(&stderr));
    let end = match status {
        _ if stdout.len().max(stderr.len()) as u64 > MOST_OUTPUT => End::TooMuch,
        Some(status) => End::Status(status),
        None => End::TimedOut,
    };
    Ok(Ended {
        end,
        stdout: text(&stdout),
        stderr: text(&stderr),
    })
}

fn wait(child: &mut Noted, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let status = child.wait_timeout(limit)?;
    if status.is_none() {
        child.end();
        child.wait()?;
    }
    Ok(status)
}

/// Reads `pipe` in a thread, up to the limit; what writes more finds the pipe closed.
fn keep(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is still worth showing.
            let _ = pipe.take(MOST_OUTPUT + 1).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// What was read. Not waited for long: a grandchild that lives on may hold the pipe open.
fn take(pipe: &Receiver<Vec<u8>>) -> Vec<u8> {
    pipe.recv_timeout(Duration::from_secs(2))
        .unwrap_or_default()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}
