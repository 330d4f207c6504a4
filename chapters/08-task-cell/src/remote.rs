//! Calls into a loop from another thread.

use std::fmt;

use crate::current::current;
use crate::home::Core;
use crate::inbox::{Inbox, Mail};
use crate::sync::Arc;

/// Reaches an executor from any thread.
///
/// On the virtual clock, hold a [`timers::outside`] guard as long as a call is to be waited for.
#[derive(Clone)]
pub struct Remote(Arc<Inbox>);

/// The executor is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the executor is closed")
    }
}

impl std::error::Error for Closed {}

/// A way into the running executor, for other threads.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn remote() -> Remote {
    current("remote", Remote::of)
}

impl Remote {
    pub(crate) fn of(core: &Core) -> Remote {
        Remote(Arc::clone(&core.inbox))
    }

    /// Calls `callback` on the executor's thread, in a turn of its own.
    ///
    /// # Errors
    ///
    /// If the executor is closed; the callback is dropped here then. One that is under way when the executor closes
    /// is dropped on the executor's thread.
    pub fn call_soon(
        &self,
        callback: impl FnOnce() + Send + 'static,
    ) -> Result<(), Closed> {
        let sent = self.0.send(Mail::Call(Box::new(callback)));
        sent.map_err(|_refused| Closed)
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remote")
    }
}
