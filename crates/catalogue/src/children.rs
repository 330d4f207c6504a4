//! Processes that end when we do.
//!
//! A signal that ends us is for us alone unless a terminal sent it: what we have started would go on, with nobody to wait
//! for it or to end it. So it is noted while it runs, and what [`end_with_us`] sets up ends it first.

use std::collections::BTreeSet;
use std::io;
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};

/// The children that run, by their process ids. Whoever ends them all keeps the lock, so that no other can be started.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A child that is noted until this is dropped.
#[derive(Debug)]
pub struct Noted(Child);

impl Deref for Noted {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Noted {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Noted {
    /// Ends the child and all that it has started. Nothing to end is nothing wrong.
    pub fn end(&mut self) {
        end(self.0.id());
        let _ = self.0.kill();
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.0.id());
    }
}

/// Starts `command` in a process group of its own, so that what it starts in turn can be ended with it. A key that is
/// pressed in the terminal does not reach it: give it no input.
///
/// # Errors
///
/// If it cannot be started.
pub fn start(command: &mut Command) -> io::Result<Noted> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    note(command)
}

/// Starts `command` beside us, with the terminal as we have it.
///
/// # Errors
///
/// If it cannot be started.
pub fn start_beside_us(command: &mut Command) -> io::Result<Noted> {
    note(command)
}

fn note(command: &mut Command) -> io::Result<Noted> {
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    running.insert(child.id());
    Ok(Noted(child))
}

/// From here on, a signal that ends this process ends its children before. Not on Windows: there, what closes the
/// terminal or interrupts us reaches them, too.
///
/// # Errors
///
/// If signals cannot be waited for.
#[cfg(unix)]
pub fn end_with_us() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    // Who is started by `nohup` wants to outlive the terminal.
    let wanted = [SIGHUP, SIGINT, SIGTERM].into_iter();
    let wanted = wanted.filter(|signal| !is_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(wanted)?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
            running.iter().for_each(|child| end(*child));
            // Dies of the signal, as who started us expects.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
    Ok(())
}

/// See above.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn end_with_us() -> io::Result<()> {
    Ok(())
}

/// Whether this process was started so that `signal` does nothing to it, where the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Ends a child and those in its process group, if it leads one.
#[cfg(unix)]
fn end(child: u32) {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};
    let Some(child) = i32::try_from(child).ok().and_then(Pid::from_raw) else {
        return;
    };
    if kill_process_group(child, Signal::KILL).is_err() {
        // It leads none, or is gone.
        let _ = kill_process(child, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(_child: u32) {}
