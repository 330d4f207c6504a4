//! Which line is a task suspended at?
//!
//! Nobody but the innermost future knows. So a leaf future (a sleep, a socket, a handle) that returns `Pending` says
//! at which line it is awaited or was made, and what it waits for. Whoever polled the task reads that after the poll.
//! The line comes from `#[track_caller]`, which does nothing on an `async fn`: put it on the function that makes the
//! leaf, or on its `poll`.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::path::Path;

// ANCHOR: cells
thread_local! {
    /// The last leaf's line. Without a destructor, so that it costs a plain store.
    static LOCATION: Cell<Option<&'static Location<'static>>> = const { Cell::new(None) };
    /// What it waits for; means something together with a line. A cell of its own, since
    /// each is written and read as a whole: a processor that reads two words in one piece
    /// has to wait for both to be in the cache.
    static WHY: Cell<&'static str> = const { Cell::new("") };
}
// ANCHOR_END: cells

/// Where a task stopped, and what for.
///
/// ```
/// use std::task::{Context, Waker};
///
/// let mut stops = Box::pin(async { polling::yield_now().await });
/// let _pending = stops.as_mut().poll(&mut Context::from_waker(Waker::noop()));
/// let suspension = polling::take_suspension().unwrap();
/// assert_eq!(suspension.why, "yield");
/// assert!(suspension.to_string().starts_with("yield in "));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// The line that made the leaf future, or that awaits it.
    pub location: &'static Location<'static>,
    /// What it waits for, in a word or two: `sleep`, `read`.
    pub why: &'static str,
}

impl fmt::Display for Suspension {
    /// `sleep in taxi.rs`, or with `{:#}` `sleep in taxi.rs:12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = file_name(self.location, f.alternate());
        write!(f, "{} in {file}", self.why)
    }
}

/// The file of a line, without its folders: so a transcript stays right when lines move. Or the line too.
///
/// ```
/// use std::panic::Location;
///
/// let here = Location::caller();
/// let both = [false, true].map(|with_line| polling::file_name(here, with_line));
/// assert_eq!(both[1], format!("{}:{}", both[0], here.line()));
/// ```
pub fn file_name(location: &Location<'_>, with_line: bool) -> String {
    let path = Path::new(location.file());
    let file = path.file_name().unwrap_or(path.as_os_str()).display();
    let line = with_line.then(|| format!(":{}", location.line()));
    format!("{file}{}", line.unwrap_or_default())
}

// ANCHOR: suspended
/// What a leaf future calls when it returns `Pending`: the line it belongs to is
/// `location`, and it waits for `why`.
///
/// ```
/// use std::panic::Location;
///
/// polling::suspended(Location::caller(), "sleep");
/// assert_eq!(polling::take_suspension().map(|s| s.why), Some("sleep"));
/// assert_eq!(polling::take_suspension(), None);
/// ```
#[inline]
pub fn suspended(location: &'static Location<'static>, why: &'static str) {
    LOCATION.set(Some(location));
    WHY.set(why);
    trace::suspended(location, why);
}
// ANCHOR_END: suspended

/// Forgets what was said before a poll.
#[inline]
pub(crate) fn forget() {
    LOCATION.set(None);
}

/// What the last leaf on this thread said, which is then forgotten. `None`: in a future that does not say.
///
/// Whoever polls a task calls it after the poll, which began with [`begin_poll`](crate::begin_poll).
///
/// ```
/// polling::suspended(std::panic::Location::caller(), "sleep");
/// let suspension = polling::take_suspension().unwrap();
/// assert_eq!(suspension.location.line(), line!() - 2);
/// assert_eq!(polling::take_suspension(), None);
/// ```
#[inline]
pub fn take_suspension() -> Option<Suspension> {
    let location = LOCATION.take()?;
    let why = WHY.get();
    Some(Suspension { location, why })
}

// ANCHOR: awaited-at
/// The line of the `.await`, as seen from a `poll` with `#[track_caller]`; `made` where
/// that is unknown.
///
/// A future that is awaited directly is polled from that line. Through a reference, a box
/// or a combinator it is polled from a line of that: of the standard library or of another
/// package. Those have absolute paths. A wrapper of one's own passes the line on if its
/// `poll` has the attribute as well.
///
/// ```
/// use std::panic::Location;
///
/// #[track_caller]
/// fn poll(made: &'static Location<'static>) -> &'static Location<'static> {
///     polling::awaited_at(made)
/// }
///
/// let made = Location::caller();
/// // `map` calls it, at a line of the standard library.
/// assert_eq!([made].map(poll), [made]);
/// ```
#[inline]
#[track_caller]
pub fn awaited_at(made: &'static Location<'static>) -> &'static Location<'static> {
    let caller = Location::caller();
    let is_elsewhere = Path::new(caller.file()).has_root();
    if is_elsewhere { made } else { caller }
}
// ANCHOR_END: awaited-at
