//! What can be made of any coroutine.

use crate::coroutine::Coroutine;
use crate::{AndThen, Items};

/// What every coroutine can do without being asked to write it.
///
/// ```
/// use generators::{Countdown, CoroutineExt};
///
/// let mut seconds = Countdown::from(2).and_then(|_| Countdown::from(1)).into_items();
/// assert!(seconds.by_ref().eq([2, 1, 1]));
/// assert_eq!(seconds.next(), None);
/// ```
pub trait CoroutineExt<In>: Coroutine<In> + Sized {
    /// Runs this coroutine to its end, then the one that `next` makes of its result.
    ///
    /// ```
    /// use generators::{Countdown, Coroutine, CoroutineExt, CoroutineState::*};
    ///
    /// let mut twice = Countdown::from(1).and_then(|_| Countdown::from(2));
    /// assert_eq!(twice.resume(()), Yielded(1));
    /// assert_eq!(twice.resume(()), Yielded(2));
    /// assert_eq!(twice.resume(()), Yielded(1));
    /// assert_eq!(twice.resume(()), Complete("lift-off"));
    /// ```
    fn and_then<B, F>(self, next: F) -> AndThen<Self, F, B>
    where
        B: Coroutine<In, Yield = Self::Yield>,
        F: FnOnce(Self::Return) -> B,
    {
        AndThen::new(self, next)
    }

    /// The values it yields, as an iterator. What it returns in the end is dropped, as a `for` loop does in Python.
    fn into_items(self) -> Items<Self>
    where
        Self: Coroutine<()>,
    {
        Items::new(self)
    }
}

impl<In, C: Coroutine<In>> CoroutineExt<In> for C {}
