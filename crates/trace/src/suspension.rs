//! Which line is a task suspended at?
//!
//! Nobody but the innermost future knows. So a leaf future (a sleep, a socket, a handle) that returns `Pending` says
//! where it was made and what it waits for, and whoever polled the task reads that after the poll. The place comes
//! from `#[track_caller]` on the function that makes the leaf, which must not be an `async fn`: there the attribute
//! does nothing.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;

thread_local! {
    /// Where the last leaf was made. Without a destructor, so that it costs a plain store.
    static PLACE: Cell<Option<&'static Location<'static>>> = const { Cell::new(None) };
    /// What it waits for. Means something together with a place. A cell of its own: each is written and, at once,
    /// read as a whole, where a processor that reads two words in one piece has to wait for both to be in the cache.
    static WHY: Cell<&'static str> = const { Cell::new("") };
}

/// Where a task stopped, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// The line that made the leaf future, or that awaits it.
    pub place: &'static Location<'static>,
    /// What it waits for, in a word or two: `sleep`, `read`.
    pub why: &'static str,
}

impl fmt::Display for Suspension {
    /// `sleep at chapters/05-timers/src/programs/taxi.rs:12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}:{}",
            self.why,
            self.place.file(),
            self.place.line()
        )
    }
}

/// What a leaf future calls when it returns `Pending`: it was made at `place`, and waits for `why`.
///
/// ```
/// use std::panic::Location;
///
/// trace::suspended(Location::caller(), "sleep");
/// assert_eq!(trace::take_suspension().map(|s| s.why), Some("sleep"));
/// assert_eq!(trace::take_suspension(), None);
/// ```
#[inline]
pub fn suspended(place: &'static Location<'static>, why: &'static str) {
    PLACE.set(Some(place));
    WHY.set(why);
}

/// What the last leaf on this thread said, and forgets it: whoever polls a task calls this before the poll, to forget
/// what is old, and after it, to learn where the task stopped. `None`: in a future that does not say.
#[inline]
pub fn take_suspension() -> Option<Suspension> {
    let place = PLACE.take()?;
    let why = WHY.get();
    Some(Suspension { place, why })
}

/// The line that calls this, or, in a `#[track_caller]` function, the line that calls that.
#[inline]
#[track_caller]
pub fn here() -> &'static Location<'static> {
    Location::caller()
}

/// The same, and does not forget it.
#[cfg(feature = "record")]
pub(crate) fn peek() -> Option<Suspension> {
    let place = PLACE.get()?;
    let why = WHY.get();
    Some(Suspension { place, why })
}
