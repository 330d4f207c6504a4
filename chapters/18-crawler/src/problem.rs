//! Why a page could not be read, and whether it is worth another try.

use std::fmt;
use std::time::Duration;

/// What is wrong with a page, or with a link to it.
///
/// ```
/// use crawler::Problem;
///
/// assert!(Problem::Status(503).is_passing() && !Problem::Status(404).is_passing());
/// assert_eq!(Problem::Status(404).to_string(), "404 Not Found");
/// ```
// ANCHOR: problem
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The server has answered with this status, which says no.
    Status(u16),
    /// It has not answered, or not to the end, in that time.
    TimedOut(Duration),
    /// There is more than so many bytes.
    TooLong(usize),
    /// The connection broke in the middle of the answer, or that was shorter than it
    /// was to be.
    CutOff,
    /// Nobody accepts a connection there.
    Refused,
    /// It is not proved that the server is who it says it is.
    Certificate(String),
    /// What came is not HTTP, or something else is wrong with it.
    Other(String),
    /// It has moved to where one comes from.
    RedirectLoop,
    /// It has moved more than so many times.
    TooManyRedirects(u32),
    /// It has moved, and the server does not say where to.
    NowhereToGo,
    /// The page is there, and has no place of this name.
    NoSuchPlace(String),
    /// What stands there is no address.
    NoAddress,
}
// ANCHOR_END: problem

impl Problem {
    // ANCHOR: passing
    /// Whether it may be gone a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Problem::Status(status) => matches!(status, 429 | 500 | 502 | 503 | 504),
            Problem::TimedOut(_) | Problem::CutOff | Problem::Refused => true,
            _ => false,
        }
    }
    // ANCHOR_END: passing

    /// Whether the server has said that there is no such page, or none for us.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Problem::Status(400..=428 | 430..=499))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Status(status) => {
                let known = web::StatusCode::from_u16(*status).ok();
                let words = known.and_then(|it| it.canonical_reason());
                write!(f, "{status} {}", words.unwrap_or("of its own"))
            }
            Problem::TimedOut(limit) => write!(f, "no answer within {limit:?}"),
            Problem::TooLong(limit) => write!(f, "longer than {limit} bytes"),
            Problem::CutOff => f.write_str("cut off in the middle"),
            Problem::Refused => f.write_str("nobody listens there"),
            Problem::Certificate(why) => write!(f, "not to be trusted: {why}"),
            Problem::Other(why) => f.write_str(why),
            Problem::RedirectLoop => f.write_str("redirects in a circle"),
            Problem::TooManyRedirects(most) => write!(f, "more than {most} redirects"),
            Problem::NowhereToGo => f.write_str("a redirect that names no address"),
            Problem::NoSuchPlace(place) => write!(f, "the page has no #{place}"),
            Problem::NoAddress => f.write_str("no address"),
        }
    }
}

impl std::error::Error for Problem {}
