//! Running a command so that it cannot hang the tests.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use wait_timeout::ChildExt;

/// How long one program may run. They keep virtual time, so this is a hundred times what the slowest needs.
pub const LIMIT: Duration = Duration::from_secs(60);

/// How long a build may take, with everything downloaded.
pub const BUILD_LIMIT: Duration = Duration::from_secs(900);

/// What a process left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output, lines ended by `\n` on every system.
    pub stdout: String,
    /// Its standard error, likewise.
    pub stderr: String,
}

/// Runs `command` with nothing on standard input, and ends it if it is not done after `limit`.
///
/// # Errors
///
/// If it cannot be started, is still running after `limit`, or prints what is not UTF-8.
pub fn run_limited(command: &mut Command, limit: Duration) -> Result<Finished> {
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let stdout = read_aside(child.stdout.take());
    let stderr = read_aside(child.stderr.take());
    let Some(status) = child.wait_timeout(limit)? else {
        child.kill()?;
        child.wait()?;
        bail!(
            "{name} was still running after {} s; its last words:\n{}",
            limit.as_secs(),
            last_lines(&so_far(&stdout), 20)
        );
    };
    Ok(Finished {
        status,
        stdout: all_of(&stdout).with_context(|| format!("standard output of {name}"))?,
        stderr: all_of(&stderr).with_context(|| format!("standard error of {name}"))?,
    })
}

/// Runs the ignored test `name` in a process of its own, where nobody else opens files or makes system calls, with more
/// in its environment.
///
/// # Panics
///
/// If it fails, or does not end.
pub fn alone(name: &str, environment: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--ignored", "--nocapture"]);
    command.envs(environment.iter().copied());
    let finished = run_limited(&mut command, LIMIT).unwrap();
    assert!(
        finished.status.success() && finished.stdout.contains("1 passed"),
        "{name}:\n{}\n{}",
        finished.stdout,
        finished.stderr
    );
}

/// How many descriptors this process has open.
///
/// # Panics
///
/// Where the operating system does not tell: anywhere but on Linux.
pub fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Reads a pipe on a thread of its own, so that a child that prints much never waits for us.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        let Some(mut pipe) = pipe else { return };
        while let Ok(length) = pipe.read(&mut chunk)
            && length > 0
            && sender.send(chunk[..length].to_vec()).is_ok()
        {}
    });
    receiver
}

/// Everything until the pipe is closed. A grandchild may hold it open after the child has gone: hence a limit.
fn all_of(pipe: &Receiver<Vec<u8>>) -> Result<String> {
    let mut bytes = Vec::new();
    loop {
        match pipe.recv_timeout(LIMIT) {
            Ok(chunk) => bytes.extend(chunk),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                bail!("still open {} s after the process ended", LIMIT.as_secs())
            }
        }
    }
    Ok(String::from_utf8(bytes)?.replace("\r\n", "\n"))
}

/// What has come so far, without waiting for more.
fn so_far(pipe: &Receiver<Vec<u8>>) -> String {
    let bytes: Vec<u8> = pipe.try_iter().flatten().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last `count` lines of `text`.
pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::python;
    use std::time::Instant;

    #[test]
    fn a_child_that_never_ends_is_ended() {
        let Ok(python) = python() else { return };
        let start = Instant::now();
        let mut command = python.command();
        command.args(["-uc", "print('waiting'); import time; time.sleep(60)"]);
        let error = run_limited(&mut command, Duration::from_secs(2)).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("still running after 2 s"), "{error}");
        assert!(error.contains("waiting"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn much_output_on_both_pipes_is_read() {
        let Ok(python) = python() else { return };
        let mut command = python.command();
        let text =
            "import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr)";
        command.args(["-c", text]);
        let finished = run_limited(&mut command, LIMIT).unwrap();
        assert_eq!(finished.stdout.len(), 300_001);
        assert_eq!(finished.stderr.len(), 300_001);
    }
}
