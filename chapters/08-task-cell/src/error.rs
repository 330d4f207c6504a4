//! How a task ends, if not with a value.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use wakers::{discard, panic_message};

/// How a task ended, if not with a value.
///
/// ```
/// use event_loop::Clock;
/// use task_cell::{JoinError, spawn};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let ride = spawn(std::future::pending::<()>());
///     ride.abort();
///     let error = ride.await.unwrap_err();
///     assert!(matches!(error, JoinError::Cancelled));
///     assert_eq!(error.to_string(), "the task was cancelled");
/// });
/// ```
#[derive(Debug, Clone)]
pub enum JoinError {
    /// It was cancelled or aborted, or dropped with its executor.
    Cancelled,
    /// It panicked.
    Panicked(Panic),
}

/// What a task panicked with.
///
/// ```
/// use event_loop::Clock;
/// use task_cell::{JoinError, spawn};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let end = spawn(async { panic!("a flat tyre") }).await;
///     let Err::<(), _>(JoinError::Panicked(panic)) = end else {
///         panic!("no tyre was flat");
///     };
///     assert_eq!(panic.message().as_deref(), Some("a flat tyre"));
///     // Enough for `resume_unwind`, once.
///     assert!(panic.clone().into_payload().is_some());
///     assert!(panic.into_payload().is_none());
/// });
/// ```
#[derive(Clone, Default)]
pub struct Panic(Arc<Thrown>);

#[derive(Default)]
struct Thrown(Mutex<Option<Box<dyn Any + Send>>>);

impl Panic {
    /// That of work which a panic has ended elsewhere, in a thread for instance.
    ///
    /// ```
    /// let thrown = std::panic::catch_unwind(|| panic!("no fuel")).unwrap_err();
    /// assert_eq!(task_cell::Panic::new(thrown).message().as_deref(), Some("no fuel"));
    /// ```
    pub fn new(payload: Box<dyn Any + Send>) -> Panic {
        Panic(Arc::new(Thrown(Mutex::new(Some(payload)))))
    }

    /// The message, if it was a text, and nobody has taken it.
    pub fn message(&self) -> Option<String> {
        let payload = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        panic_message(&**payload.as_ref()?).map(str::to_string)
    }

    /// What it panicked with: to go on with [`resume_unwind`](std::panic::resume_unwind). `None` if a clone of this
    /// has given it away.
    pub fn into_payload(self) -> Option<Box<dyn Any + Send>> {
        (self.0.0.lock().unwrap_or_else(PoisonError::into_inner)).take()
    }
}

impl Drop for Thrown {
    /// Foreign code, dropped by whoever has the last clone of the error: its panic would be theirs.
    fn drop(&mut self) {
        let payload = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        discard("a panic's payload", payload.take());
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled => f.write_str("the task was cancelled"),
            JoinError::Panicked(panic) => match panic.message() {
                Some(message) => write!(f, "the task panicked: {message}"),
                None => f.write_str("the task panicked"),
            },
        }
    }
}

impl fmt::Debug for Panic {
    /// The message, `"a flat tyre"`: it stands in the name of whoever has it, as in `Panicked("a flat tyre")`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.message().as_deref().unwrap_or("…"), f)
    }
}

impl std::error::Error for JoinError {}
