//! Why a database did not do what it was asked for.

use std::fmt;
use std::time::Duration;

use taxi::JoinError;

/// Why a database did not do what it was asked for.
///
/// ```
/// use database::Error;
///
/// let failed = Error::Waited { what: "a turn at writing", limit: std::time::Duration::from_secs(5) };
/// assert_eq!(failed.to_string(), "no turn at writing within 5s");
/// ```
// ANCHOR: error
#[derive(Debug)]
pub enum Error {
    /// SQLite says so, in its own words: the statement is wrong, a constraint is violated,
    /// another process keeps the file locked.
    Sqlite(rusqlite::Error),
    /// PostgreSQL says so, or the connection to it is lost.
    Postgres(tokio_postgres::Error),
    /// There is no connection to be had: nobody answers there.
    Connect(std::io::Error),
    /// There was none within the time to wait.
    Waited {
        /// What was waited for.
        what: &'static str,
        /// The time to wait.
        limit: Duration,
    },
    /// The database was closed.
    Closed,
    /// The transaction is over already: the database has rolled it back, since one of its
    /// statements was given up or failed in a way that it does not survive.
    RolledBack,
    /// A statement has begun a transaction and left it open. It was rolled back.
    LeftOpen,
    /// The thread has no answer: what was to run on it has panicked, or there is no thread.
    Lost(JoinError),
}
// ANCHOR_END: error

impl Error {
    /// Whether somebody else keeps the file locked, so that it may go well later.
    ///
    /// ```
    /// assert!(!database::Error::Closed.is_busy());
    /// ```
    pub fn is_busy(&self) -> bool {
        let code = match self {
            Error::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        };
        code == Some(rusqlite::ErrorCode::DatabaseBusy)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Sqlite(error) => error.fmt(f),
            // Its own words are "db error", and what the server says is its source.
            Error::Postgres(error) => match error.as_db_error() {
                Some(said) => f.write_str(said.message()),
                None => error.fmt(f),
            },
            Error::Connect(error) => write!(f, "no connection: {error}"),
            Error::Waited { what, limit } => {
                let what = what.strip_prefix("a ").unwrap_or(what);
                write!(f, "no {what} within {limit:?}")
            }
            Error::Closed => f.write_str("the database is closed"),
            Error::RolledBack => f.write_str("the transaction was rolled back already"),
            Error::LeftOpen => f.write_str(
                "the statement began a transaction and left it open: use `transaction`",
            ),
            Error::Lost(error) => write!(f, "the thread has no answer: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Sqlite(error) => Some(error),
            Error::Postgres(error) => Some(error),
            Error::Connect(error) => Some(error),
            Error::Lost(error) => Some(error),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        Error::Sqlite(error)
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        Error::Postgres(error)
    }
}
