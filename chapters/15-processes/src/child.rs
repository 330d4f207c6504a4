//! A program that runs.

use std::fmt;
use std::io;
use std::process::{self, ExitStatus, Output};

use combinators::join;
use net::located;
use rustix::process::{Pid, Signal, kill_process};
use task_cell::Handle;

use crate::exit::{Exit, reap_later, try_wait};
use crate::pipes::{ChildStderr, ChildStdin, ChildStdout};

/// A child: a program that this one has started.
///
/// Dropped before it has ended it goes on, unless the command says otherwise
/// ([`kill_on_drop`](crate::Command::kill_on_drop)); its zombie is reaped by a task named *reaper*. Dropping it closes the
/// pipes that are still in it.
///
/// ```
/// use processes::{Command, SIGTERM};
/// use std::os::unix::process::ExitStatusExt;
///
/// net::run(event_loop::Clock::real(), async {
///     let mut sleeper = Command::new("sleep").arg("1000").spawn()?;
///     assert!(sleeper.try_wait()?.is_none());
///     sleeper.signal(SIGTERM)?;
///     assert_eq!(sleeper.wait().await?.signal(), Some(SIGTERM));
///     sleeper.kill()?; // It has what it wants.
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: struct
pub struct Child {
    /// What it reads, if that is piped.
    pub stdin: Option<ChildStdin>,
    /// What it writes, if that is piped.
    pub stdout: Option<ChildStdout>,
    /// What it complains of, if that is piped.
    pub stderr: Option<ChildStderr>,
    id: u32,
    /// None while it is being dropped.
    child: Option<process::Child>,
    exit: Exit,
    /// The loop that reaps it if nobody waits for it.
    handle: Handle,
    kill_on_drop: bool,
}
// ANCHOR_END: struct

impl Child {
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses. The child is killed then: nobody could ever wait for
    /// it.
    pub(crate) fn new(
        mut child: process::Child,
        handle: Handle,
        kill_on_drop: bool,
    ) -> io::Result<Child> {
        match watch(&mut child) {
            Ok((stdin, stdout, stderr, exit)) => Ok(Child {
                stdin,
                stdout,
                stderr,
                id: child.id(),
                child: Some(child),
                exit,
                handle,
                kill_on_drop,
            }),
            Err(error) => {
                let _ended_before = child.kill();
                reap_later(child, &handle);
                Err(error)
            }
        }
    }

    /// Its number in the operating system. Once the child was waited for, another process may get it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// It is there until it is dropped.
    fn inner(&mut self) -> io::Result<&mut process::Child> {
        self.child.as_mut().ok_or(io::ErrorKind::NotFound.into())
    }

    /// Waits until it has ended. Its input, if that is piped and still here, is closed first, or a child that reads until
    /// the end would wait for us.
    ///
    /// Dropped while it waits, it has taken nothing; asked again, it says the same. What the child writes into a pipe
    /// must be read meanwhile, or the pipe is full one day, and the child waits:
    /// [`wait_with_output`](Child::wait_with_output) does so.
    ///
    /// # Errors
    ///
    /// If somebody else has waited for it, or this belongs to another loop.
    #[track_caller]
    pub fn wait(&mut self) -> impl Future<Output = io::Result<ExitStatus>> {
        located("wait", async {
            self.stdin = None;
            match &mut self.child {
                Some(child) => self.exit.wait(child).await,
                None => Err(io::ErrorKind::NotFound.into()),
            }
        })
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    ///
    /// If somebody else has waited for it.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        try_wait(self.inner()?)
    }

    /// Sends it a signal, such as [`SIGTERM`](crate::SIGTERM), which asks it to end.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there is no such signal, and `NotFound` if the child has ended: its number may be somebody
    /// else's soon, so nothing is sent.
    pub fn signal(&mut self, number: i32) -> io::Result<()> {
        let signal = Signal::from_named_raw(number).ok_or_else(|| {
            let told = format!("there is no signal {number}");
            io::Error::new(io::ErrorKind::InvalidInput, told)
        })?;
        // Until it is reaped, which only we do, the number is its own.
        if self.try_wait()?.is_some() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the child has ended",
            ));
        }
        let child = self.inner()?;
        Ok(kill_process(Pid::from_child(child), signal)?)
    }

    /// Ends it at once, by SIGKILL. Whoever wants to know that it has ended awaits [`wait`](Child::wait) afterwards. Does
    /// nothing if it has ended.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn kill(&mut self) -> io::Result<()> {
        self.inner()?.kill()
    }

    /// Waits until it has ended, and collects what it writes and what it complains of, as far as that is piped: both at
    /// once, since a child whose pipe is full waits until somebody reads.
    ///
    /// Dropped before that, the child is dropped with it.
    ///
    /// # Errors
    ///
    /// As [`wait`](Child::wait) and [`ChildStdout::read`].
    #[track_caller]
    pub fn wait_with_output(self) -> impl Future<Output = io::Result<Output>> {
        located("output", self.talk(Vec::new()))
    }

    /// Writes `input` to it, and else does as [`wait_with_output`](Child::wait_with_output), all at once: asyncio's
    /// `communicate`. A child that reads no more is no error; what was not written is dropped, and so is all of `input` where
    /// the child's input is not piped.
    ///
    /// ```
    /// use processes::Command;
    /// use std::process::Stdio;
    ///
    /// net::run(event_loop::Clock::real(), async {
    ///     let mut sort = Command::new("sort");
    ///     let sort = sort.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    ///     let output = sort.communicate("taxi B\ntaxi A\n").await?;
    ///     assert_eq!(output.stdout, b"taxi A\ntaxi B\n");
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`wait_with_output`](Child::wait_with_output).
    #[track_caller]
    pub fn communicate(
        self,
        input: impl Into<Vec<u8>>,
    ) -> impl Future<Output = io::Result<Output>> {
        located("communicate", self.talk(input.into()))
    }

    // ANCHOR: output
    async fn talk(mut self, input: Vec<u8>) -> io::Result<Output> {
        let (stdin, stdout, stderr) =
            (self.stdin.take(), self.stdout.take(), self.stderr.take());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        // Dropped at its end, which ends the child's input.
        let write = async move {
            match stdin {
                Some(stdin) => stdin.give(&input).await,
                None => Ok(()),
            }
        };
        let read_out = all(stdout.as_ref().map(|it| it.read_to_end(&mut out)));
        let read_err = all(stderr.as_ref().map(|it| it.read_to_end(&mut err)));
        let outputs = join(read_out, read_err);
        let (written, ((out_read, err_read), status)) =
            join(write, join(outputs, self.wait())).await;
        written.and(out_read).and(err_read)?;
        Ok(Output {
            status: status?,
            stdout: out,
            stderr: err,
        })
    }
    // ANCHOR_END: output
}

/// Nothing, where nothing is piped.
async fn all(read: Option<impl Future<Output = io::Result<usize>>>) -> io::Result<usize> {
    match read {
        Some(read) => read.await,
        None => Ok(0),
    }
}

/// All that the loop needs of a child that was just started.
type Watched = (
    Option<ChildStdin>,
    Option<ChildStdout>,
    Option<ChildStderr>,
    Exit,
);

fn watch(child: &mut process::Child) -> io::Result<Watched> {
    Ok((
        child.stdin.take().map(ChildStdin::new).transpose()?,
        child.stdout.take().map(ChildStdout::new).transpose()?,
        child.stderr.take().map(ChildStderr::new).transpose()?,
        Exit::of(child)?,
    ))
}

// ANCHOR: drop
impl Drop for Child {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // hole: drop — if it has not ended, kill it where that was asked for, and see to it that it is reaped
        // tried by: goes-on
        // also: processes
        if !matches!(child.try_wait(), Ok(None)) {
            return; // It is reaped.
        }
        if self.kill_on_drop {
            // It fails only if the child has ended meanwhile.
            let _ended = child.kill();
        }
        reap_later(child, &self.handle);
        // end hole
    }
}
// ANCHOR_END: drop

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Child").field(&self.id).finish()
    }
}
