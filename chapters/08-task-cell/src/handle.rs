//! Calls into a loop from another thread.

use std::fmt;

use crate::current::current;
use crate::sync::Arc;
use crate::task::{Inbox, Mail};

/// Reaches an executor from any thread.
///
/// On the virtual clock, hold a [`timers::outside`] guard as long as a call is to be waited for.
///
/// ```
/// use std::thread;
/// use task_cell::{Executor, stop};
/// use wakers::ThreadPark;
///
/// let mut executor = Executor::new(ThreadPark::new());
/// let handle = executor.handle();
/// // `stop` is called where the executor runs, and not on this other thread.
/// let elsewhere = thread::spawn(move || handle.call_soon(stop));
/// executor.run_forever();
/// assert_eq!(elsewhere.join().unwrap(), Ok(()));
/// ```
// ANCHOR: handle
#[derive(Clone)]
pub struct Handle(pub(crate) Arc<Inbox>);
// ANCHOR_END: handle

/// The executor is closed.
///
/// ```
/// let executor = task_cell::Executor::new(wakers::ThreadPark::new());
/// let handle = executor.handle();
/// drop(executor);
/// assert_eq!(handle.call_soon(|| {}), Err(task_cell::Closed));
/// ```
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
/// ```
/// let mut executor = task_cell::Executor::new(wakers::ThreadPark::new());
/// executor.call_soon(|| {
///     let handle = task_cell::handle();
///     std::thread::spawn(move || handle.call_soon(task_cell::stop));
/// });
/// executor.run_forever();
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn handle() -> Handle {
    current("handle", |core| Handle(Arc::clone(&core.inbox)))
}

impl Handle {
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
