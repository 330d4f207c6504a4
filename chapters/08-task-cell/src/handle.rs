//! Calls into a loop from another thread.

use std::fmt;

use crate::core::Core;
use crate::current::current;
use crate::sync::Arc;
use crate::task::{Inbox, Mail};

/// Reaches an executor from any thread.
///
/// On the virtual clock, hold a [`timers::outside`] guard as long as a call is to be waited for.
#[derive(Clone)]
pub struct Handle(Arc<Inbox>);

/// The executor is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the executor is closed")
    }
}

impl std::error::Error for Closed {}

/// A handle to the running executor, for other threads.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn handle() -> Handle {
    current("handle", Handle::of)
}

impl Handle {
    pub(crate) fn of(core: &Core) -> Handle {
        Handle(Arc::clone(&core.inbox))
    }

    /// Calls `callback` on the executor's thread, in a turn of its own.
    ///
    /// # Errors
    ///
    /// If the executor is closed; the callback is dropped here then, and if its destructor calls this again, and that
    /// one's again, there is no end to it. One that is under way when the executor closes is dropped on the executor's
    /// thread.
    pub fn call_soon(
        &self,
        callback: impl FnOnce() + Send + 'static,
    ) -> Result<(), Closed> {
        let sent = self.0.send(Mail::Call(Box::new(callback)));
        sent.map_err(|_refused| Closed)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}
