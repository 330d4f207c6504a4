//! What is shown while there is nothing to show yet.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::time::Duration;

use super::term;

/// A spinner or a bar on standard error. Where nobody would see it move, because that or standard output is no
/// terminal, there is none, and what takes long is said in a line.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts to spin.
    pub(crate) fn start() -> Progress {
        Progress::new(None)
    }

    /// Starts a bar of so many steps.
    pub(crate) fn of(steps: usize) -> Progress {
        Progress::new(Some(steps as u64))
    }

    fn new(steps: Option<u64>) -> Progress {
        let target = match is_seen() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(steps, target);
        let template = match steps {
            Some(_) => "{bar:16} {elapsed} {wide_msg}",
            None => "{spinner} {elapsed} {wide_msg}",
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// Says what is being done.
    pub(crate) fn doing(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }

    /// A step of the bar is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    /// So many are done.
    pub(crate) fn at(&self, step: usize) {
        self.0.set_position(step as u64);
    }

    /// Says what will take long: it stays on the screen.
    pub(crate) fn announce(&self, what: &str) {
        self.0.suspend(|| term::complain(&format!("{what}\n")));
    }
}

fn is_seen() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
