//! What becomes of the requests.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::time::Duration;

use crate::Latencies;

// ANCHOR: answer
/// A request that was answered.
///
/// ```
/// let answer = load_test::Answer { status: 404, sent: 0, received: 9 };
/// assert_eq!(answer.status, 404); // an answer, too
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// HTTP's status.
    pub status: u16,
    /// How many bytes the request's body had.
    pub sent: u64,
    /// How many bytes the answer's body had.
    pub received: u64,
}

/// Why a request was not answered.
///
/// ```
/// use load_test::Failure;
/// use std::io::{Error, ErrorKind};
///
/// let failure = Failure::from(Error::from(ErrorKind::ConnectionRefused));
/// assert_eq!(failure, Failure::Refused);
/// assert_eq!(failure.to_string(), "refused");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// Nobody listens there.
    Refused,
    /// The server ended the connection by force.
    Reset,
    /// The server ended the connection before the answer was whole.
    Closed,
    /// It took too long, and we gave it up.
    TimedOut,
    /// Anything else, in the words of whoever noticed it.
    Other(String),
}
// ANCHOR_END: answer

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Failure::Refused,
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Failure::Reset,
            io::ErrorKind::UnexpectedEof => Failure::Closed,
            io::ErrorKind::TimedOut => Failure::TimedOut,
            _ => Failure::Other(error.to_string()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::Refused => "refused",
            Failure::Reset => "reset",
            Failure::Closed => "cut short",
            Failure::TimedOut => "timed out",
            Failure::Other(why) => why,
        })
    }
}

impl std::error::Error for Failure {}

// ANCHOR: tally
/// What has been measured so far.
///
/// ```
/// use load_test::{Answer, Failure, Tally};
/// use std::time::Duration;
///
/// let mut tally = Tally::default();
/// let answer = Answer { status: 200, sent: 0, received: 5 };
/// // Due when the client was still busy, and sent two seconds later.
/// tally.record(Duration::from_secs(3), Duration::from_secs(1), Ok(answer));
/// tally.record(Duration::ZERO, Duration::ZERO, Err(Failure::Refused));
/// assert_eq!((tally.answered(), tally.failed()), (1, 1));
/// assert_eq!(tally.since_due.max().as_secs(), 3);
/// assert_eq!(tally.since_sent.max().as_secs(), 1);
///
/// let mut twice = tally.clone();
/// twice.add(&tally);
/// assert_eq!((twice.answered(), twice.failed()), (2, 2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// From when a request was due to the end of its answer.
    pub since_due: Latencies,
    /// From when it was sent: what one would see who does not know when it was due.
    pub since_sent: Latencies,
    /// How many answers had each status.
    pub statuses: BTreeMap<u16, u64>,
    /// How many requests failed, by the reason.
    pub failures: BTreeMap<Failure, u64>,
    /// Bytes of bodies, in requests that were answered.
    pub sent: u64,
    /// Bytes of bodies, in answers.
    pub received: u64,
}
// ANCHOR_END: tally

impl Tally {
    // ANCHOR: record
    /// Counts a request, which has ended so long after it was due, and so long after it was
    /// sent.
    pub fn record(
        &mut self,
        since_due: Duration,
        since_sent: Duration,
        outcome: Result<Answer, Failure>,
    ) {
        // A request that was given up took at least so long. Left out, it would make the
        // server look the better the more it lets us wait. One that was refused says
        // nothing of how long an answer takes.
        if matches!(outcome, Ok(_) | Err(Failure::TimedOut)) {
            self.since_due.record(since_due);
            self.since_sent.record(since_sent);
        }
        match outcome {
            Ok(answer) => {
                *self.statuses.entry(answer.status).or_default() += 1;
                self.sent += answer.sent;
                self.received += answer.received;
            }
            Err(failure) => *self.failures.entry(failure).or_default() += 1,
        }
    }
    // ANCHOR_END: record

    /// Adds another tally to this one.
    pub fn add(&mut self, other: &Tally) {
        self.since_due.add(&other.since_due);
        self.since_sent.add(&other.since_sent);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (failure, count) in &other.failures {
            *self.failures.entry(failure.clone()).or_default() += count;
        }
        self.sent += other.sent;
        self.received += other.received;
    }

    /// How many requests were answered, with whatever status.
    pub fn answered(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// How many were not.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }
}
