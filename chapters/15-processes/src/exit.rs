//! How the loop learns that a child has ended, and who reaps those that nobody waits for.
//!
//! A child that has ended stays in the table of processes, with its status, until its parent asks for that: it is a
//! *zombie*. Asking for one that still runs (`try_wait`) does not wait. So all that is needed is to be told when to ask:
//!
//! - Linux has a descriptor for a process, the *pidfd*, which is readable once the process has ended. It is waited for
//!   like any other;
//! - elsewhere SIGCHLD says that some child has ended. Everybody who waits asks for their own, and no other: a call for
//!   any child, `waitpid(-1)`, would take the status from whoever waits for that one.

use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, PoisonError};

use net::AsyncFd;
#[cfg(target_os = "linux")]
use net::Readiness;
use rustix::io::Errno;
use signal_hook::consts::SIGCHLD;
use task_cell::{Handle, spawn_named};

use crate::signal::{Signal, listen};

// ANCHOR: exit
/// What tells that a child may have ended.
pub(crate) enum Exit {
    /// Its own descriptor.
    #[cfg(target_os = "linux")]
    Descriptor(AsyncFd<OwnedFd>),
    /// The signal that some child has ended.
    Signal(Signal),
}
// ANCHOR_END: exit

impl Exit {
    /// Watches `child`.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub(crate) fn of(child: &Child) -> io::Result<Exit> {
        #[cfg(target_os = "linux")]
        if let Some(descriptor) = descriptor(child) {
            return Ok(Exit::Descriptor(AsyncFd::new(descriptor)?));
        }
        #[cfg(not(target_os = "linux"))]
        let _ = child;
        // A child is outside: virtual time waits for its end.
        listen(SIGCHLD, AsyncFd::new).map(Exit::Signal)
    }

    // ANCHOR: wait
    /// Waits until `child` has ended, and reaps it.
    pub(crate) async fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let mut ask = || {
            // hole: wait — ask for the child's status whenever it may have ended, and never wait in the asking
            // tried by: child, ticks
            // also: processes
            try_wait(child)?.ok_or(io::ErrorKind::WouldBlock.into())
            // end hole
        };
        match self {
            #[cfg(target_os = "linux")]
            Exit::Descriptor(descriptor) => {
                descriptor.run(Readiness::Read, |_| ask()).await
            }
            Exit::Signal(signal) => signal.look(|_| ask()).await,
        }
    }
    // ANCHOR_END: wait
}

/// How `child` has ended, if it has. This reaps it.
///
/// # Errors
///
/// `NotFound` if somebody else has reaped it, by waiting for any child.
pub(crate) fn try_wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    child.try_wait().map_err(|error| {
        if Errno::from_io_error(&error) != Some(Errno::CHILD) {
            return error;
        }
        let told = "somebody else has waited for this child, and has its status";
        io::Error::new(io::ErrorKind::NotFound, told)
    })
}

/// The pidfd of `child`. None on a Linux that is older than 5.3, or where it is forbidden.
#[cfg(target_os = "linux")]
fn descriptor(child: &Child) -> Option<OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    pidfd_open(Pid::from_child(child), PidfdFlags::NONBLOCK).ok()
}

// ANCHOR: orphans
/// Children that nobody waits for, and no loop either.
static ORPHANS: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// A child that nobody waits for. Dropped before it has ended, it is asked again whenever
/// another child is started.
struct Orphan(Option<Child>);

impl Drop for Orphan {
    fn drop(&mut self) {
        if let Some(child) = self.0.take() {
            reap_orphans(Some(child));
        }
    }
}

/// Reaps every orphan that has ended; `new` is one more.
pub(crate) fn reap_orphans(new: Option<Child>) {
    let mut orphans = ORPHANS.lock().unwrap_or_else(PoisonError::into_inner);
    orphans.extend(new);
    // One that cannot be asked for was reaped by somebody else.
    orphans.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}
// ANCHOR_END: orphans

// ANCHOR: reap
/// Sees to it that `child`, for which nobody waits any more, is reaped: by a task of the
/// loop behind `handle`, or, once that is closed, when the next child is started.
pub(crate) fn reap_later(child: Child, handle: &Handle) {
    let orphan = Orphan(Some(child));
    // If the loop is closed, this is dropped here, and the orphan with it.
    let begin = move || drop(spawn_named("reaper", orphan.reaped()));
    let _closed = handle.call_soon(begin);
}

impl Orphan {
    async fn reaped(mut self) {
        if let Some(child) = &mut self.0
            && let Ok(exit) = Exit::of(child)
        {
            // Whatever comes of it, its drop asks once more.
            drop(exit.wait(child).await);
        }
    }
}
// ANCHOR_END: reap

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Where there is no descriptor for a process.
    fn by_signal() -> io::Result<Exit> {
        listen(SIGCHLD, AsyncFd::new).map(Exit::Signal)
    }

    #[test]
    fn the_signal_tells_where_there_is_no_descriptor() -> io::Result<()> {
        net::run(event_loop::Clock::real(), async {
            let exit = by_signal()?;
            for _ in 0..20 {
                let mut one = Command::new("true").spawn()?;
                let mut other = Command::new("sh").args(["-c", "exit 3"]).spawn()?;
                let second = async { by_signal()?.wait(&mut other).await };
                let both = combinators::join(exit.wait(&mut one), second);
                let both = timers::timeout(std::time::Duration::from_secs(60), both);
                let (one, other) = both.await.expect("they end at once");
                assert_eq!((one?.code(), other?.code()), (Some(0), Some(3)));
            }
            Ok(())
        })?
    }

    #[test]
    fn virtual_time_waits_for_a_child_also_then() -> io::Result<()> {
        net::run(event_loop::Clock::virtual_time(), async {
            let exit = by_signal()?;
            let mut child = Command::new("sleep").arg("0.05").spawn()?;
            let hour = std::time::Duration::from_secs(3600);
            let ended = timers::timeout(hour, exit.wait(&mut child)).await;
            assert!(ended.is_ok(), "an hour has passed first");
            Ok(())
        })?
    }
}
