//! How a task that others wait for has failed.

use std::fmt;

use task_cell::JoinError;

/// How a child that gives a `Result` has failed.
///
/// ```
/// use combinators::{TryError, try_gather};
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = ["7", "x"].map(|it| async move { it.parse::<u32>() });
///     let error = try_gather(trips).await.unwrap_err();
///     assert!(matches!(error, TryError::Failed(_)));
///     assert_eq!(error.to_string(), "invalid digit found in string");
/// });
/// ```
#[derive(Debug, Clone)]
pub enum TryError<E> {
    /// It gave this error.
    Failed(E),
    /// It ended without a value.
    Join(JoinError),
}

impl<E> From<JoinError> for TryError<E> {
    fn from(error: JoinError) -> TryError<E> {
        TryError::Join(error)
    }
}

impl<E: fmt::Display> fmt::Display for TryError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TryError::Failed(error) => error.fmt(f),
            TryError::Join(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error> std::error::Error for TryError<E> {}

/// Why a limited wait for a task gave no value.
///
/// ```
/// use combinators::{WaitForError, wait_for};
/// use event_loop::Clock;
/// use std::time::Duration;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let never = std::future::pending::<()>();
///     let error = wait_for(Duration::from_secs(1), never).await.unwrap_err();
///     assert!(matches!(error, WaitForError::Elapsed));
///     assert_eq!(error.to_string(), "the time was up");
/// });
/// ```
#[derive(Debug, Clone)]
pub enum WaitForError {
    /// The time was up.
    Elapsed,
    /// The task ended without a value, and not because of the limit.
    Join(JoinError),
}

impl From<JoinError> for WaitForError {
    fn from(error: JoinError) -> WaitForError {
        WaitForError::Join(error)
    }
}

impl fmt::Display for WaitForError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WaitForError::Elapsed => timers::Elapsed.fmt(f),
            WaitForError::Join(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WaitForError {}
