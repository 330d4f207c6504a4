//! Starting another program.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{self, ExitStatus, Output, Stdio};

use crate::child::Child;
use crate::exit::reap_orphans;

/// A program to be started, with its arguments and all that it is given: std's `Command`, whose children the loop waits
/// for.
///
/// ```
/// use processes::Command;
/// use std::process::Stdio;
///
/// net::run(event_loop::Clock::real(), async {
///     let status = Command::new("sh").args(["-c", "exit 3"]).status().await?;
///     assert_eq!(status.code(), Some(3));
///     let missing = Command::new("no-such-program").status().await.unwrap_err();
///     assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
///
///     let mut pwd = Command::new("sh");
///     pwd.arg("-c").arg("pwd; echo $TAXI").current_dir("/").env("TAXI", "A");
///     assert_eq!(pwd.output().await?.stdout, b"/\nA\n");
///
///     let mut cat = Command::new("cat");
///     cat.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
///     let cat = cat.kill_on_drop(true).spawn()?;
///     assert_eq!(cat.communicate("taxi").await?.stdout, b"taxi");
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: struct
#[derive(Debug)]
pub struct Command {
    inner: process::Command,
    kill_on_drop: bool,
    /// Whether `output` must leave it as it is.
    stdin_is_set: bool,
}
// ANCHOR_END: struct

impl Command {
    /// The program with this name or path. It inherits whatever is not set otherwise.
    pub fn new(program: impl AsRef<OsStr>) -> Command {
        process::Command::new(program).into()
    }

    /// One more argument.
    pub fn arg(&mut self, argument: impl AsRef<OsStr>) -> &mut Command {
        self.inner.arg(argument);
        self
    }

    /// More arguments.
    pub fn args(
        &mut self,
        arguments: impl IntoIterator<Item: AsRef<OsStr>>,
    ) -> &mut Command {
        self.inner.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(
        &mut self,
        name: impl AsRef<OsStr>,
        value: impl AsRef<OsStr>,
    ) -> &mut Command {
        self.inner.env(name, value);
        self
    }

    /// The folder in which it runs.
    pub fn current_dir(&mut self, folder: impl AsRef<Path>) -> &mut Command {
        self.inner.current_dir(folder);
        self
    }

    /// What it reads.
    pub fn stdin(&mut self, stdin: impl Into<Stdio>) -> &mut Command {
        self.inner.stdin(stdin);
        self.stdin_is_set = true;
        self
    }

    /// Where it writes.
    pub fn stdout(&mut self, stdout: impl Into<Stdio>) -> &mut Command {
        self.inner.stdout(stdout);
        self
    }

    /// Where it complains.
    pub fn stderr(&mut self, stderr: impl Into<Stdio>) -> &mut Command {
        self.inner.stderr(stderr);
        self
    }

    /// Whether a [`Child`] that is dropped before it has ended is killed. It is not, unless this says so.
    pub fn kill_on_drop(&mut self, kills: bool) -> &mut Command {
        self.kill_on_drop = kills;
        self
    }

    /// Everything else that std's has.
    ///
    /// ```
    /// use std::os::unix::process::CommandExt;
    ///
    /// let mut command = processes::Command::new("sh");
    /// command.as_std_mut().env_clear().process_group(0);
    /// ```
    pub fn as_std_mut(&mut self) -> &mut process::Command {
        &mut self.inner
    }

    // ANCHOR: spawn
    /// Starts it. This takes as long as the operating system needs to copy this process
    /// and to load the program, in which nobody else has a turn.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or no reactor is current.
    ///
    /// # Panics
    ///
    /// If no executor is running on this thread.
    #[track_caller]
    pub fn spawn(&mut self) -> io::Result<Child> {
        reap_orphans(None);
        let handle = task_cell::handle();
        Child::new(self.inner.spawn()?, handle, self.kill_on_drop)
    }
    // ANCHOR_END: spawn

    /// Starts it, and waits until it has ended. Pipes of it are closed at once: nobody could read or write them.
    ///
    /// Dropped before that, the child goes on, unless [`kill_on_drop`](Command::kill_on_drop) says otherwise.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Command::spawn).
    ///
    /// # Panics
    ///
    /// As [`spawn`](Command::spawn).
    #[track_caller]
    pub fn status(&mut self) -> impl Future<Output = io::Result<ExitStatus>> + use<> {
        let child = self.spawn();
        async move {
            let mut child = child?;
            // Nobody reads them, and a child that has filled one waits.
            (child.stdout, child.stderr) = (None, None);
            child.wait().await
        }
    }

    /// Starts it, without input unless [`stdin`](Command::stdin) says otherwise, and waits until it has ended; what it
    /// writes and what it complains of is collected, both at once, so that neither pipe fills up.
    ///
    /// Dropped before that, the child goes on, unless [`kill_on_drop`](Command::kill_on_drop) says otherwise.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Command::spawn).
    ///
    /// # Panics
    ///
    /// As [`spawn`](Command::spawn).
    #[track_caller]
    pub fn output(&mut self) -> impl Future<Output = io::Result<Output>> + use<> {
        if !self.stdin_is_set {
            self.inner.stdin(Stdio::null());
        }
        let piped = self.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = piped.spawn();
        async move { child?.wait_with_output().await }
    }
}

impl From<process::Command> for Command {
    fn from(inner: process::Command) -> Command {
        Command {
            inner,
            kill_on_drop: false,
            stdin_is_set: false,
        }
    }
}
