//! What goes wrong: it is over, or not possible at once.

use std::fmt;

/// It is over: nothing comes any more, or nobody takes it. Who wanted to put something in gets that back.
///
/// ```
/// use sync::{Closed, Queue};
///
/// polling::spin_on(async {
///     let ranks = Queue::bounded(1);
///     ranks.put("taxi").await.unwrap();
///     ranks.close();
///     assert_eq!(ranks.put("cab").await, Err(Closed("cab")));
///     assert_eq!(ranks.get().await, Ok("taxi")); // What was put in before comes out.
///     assert_eq!(ranks.get().await, Err(Closed(())));
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed<T = ()>(pub T);

/// Why nothing was put in at once; the value comes back.
///
/// ```
/// use sync::{Queue, TryPutError};
///
/// let ranks = Queue::bounded(1);
/// assert_eq!(ranks.try_put("taxi"), Ok(()));
/// assert_eq!(ranks.try_put("cab"), Err(TryPutError::Full("cab")));
/// ranks.close();
/// assert_eq!(ranks.try_put("cab"), Err(TryPutError::Closed("cab")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryPutError<T> {
    /// There is no room, or others wait for it.
    Full(T),
    /// Nobody takes it any more.
    Closed(T),
}

/// Why nothing came out at once.
///
/// ```
/// use sync::{Queue, TryGetError};
///
/// let ranks = Queue::<&str>::bounded(1);
/// assert_eq!(ranks.try_get(), Err(TryGetError::Empty));
/// ranks.close();
/// assert_eq!(ranks.try_get(), Err(TryGetError::Closed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryGetError {
    /// There is nothing, or others wait for it.
    Empty,
    /// Nothing comes any more.
    Closed,
}

const CLOSED: &str = "it is closed";

impl<T> fmt::Display for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(CLOSED)
    }
}

impl<T> fmt::Display for TryPutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryPutError::Full(_) => "it is full",
            TryPutError::Closed(_) => CLOSED,
        })
    }
}

impl fmt::Display for TryGetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryGetError::Empty => "it is empty",
            TryGetError::Closed => CLOSED,
        })
    }
}

impl<T: fmt::Debug> std::error::Error for Closed<T> {}

impl<T: fmt::Debug> std::error::Error for TryPutError<T> {}

impl std::error::Error for TryGetError {}
