//! A spinner while there is nothing to show yet.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// A spinner on standard error; nothing at all if that is not a terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Starts to spin.
    pub(crate) fn start() -> Progress {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// Says what is being done.
    pub(crate) fn doing(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
