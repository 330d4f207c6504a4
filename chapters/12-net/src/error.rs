//! What can go wrong when a reader is asked for more than some bytes.

use std::fmt;
use std::io;

// ANCHOR: error
/// Why a [`StreamReader`](crate::StreamReader) has not given what it was asked for.
///
/// ```
/// use event_loop::Clock;
/// use net::{ReadError, StreamReader};
///
/// net::run(Clock::virtual_time(), async {
///     let mut reader = StreamReader::new(&b"taxi"[..]);
///     let error = reader.read_exactly(6).await.unwrap_err();
///     assert_eq!(error.to_string(), "4 of 6 bytes came before the end");
///     let ReadError::Incomplete { partial, .. } = error else { panic!("it was short") };
///     assert_eq!(partial, b"taxi");
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub enum ReadError {
    /// The stream has ended before: this is what came.
    Incomplete {
        /// The bytes up to the end.
        partial: Vec<u8>,
        /// How many it should have been, if that is known.
        expected: Option<usize>,
    },
    /// There is no separator within the reader's limit. Nothing is lost: all bytes are still
    /// to be read.
    LimitOverrun {
        /// How many bytes there are, at least, before a separator can begin: who does not
        /// want them reads so many away.
        consumed: usize,
    },
    /// The connection is broken, or a line is not UTF-8 (`InvalidData`): that is still to be
    /// read then.
    Io(io::Error),
}
// ANCHOR_END: error

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Incomplete { partial, expected } => {
                write!(f, "{}", partial.len())?;
                if let Some(expected) = expected {
                    write!(f, " of {expected}")?;
                }
                f.write_str(" bytes came before the end")
            }
            ReadError::LimitOverrun { consumed } => {
                write!(f, "no separator in {consumed} bytes, and that is the limit")
            }
            ReadError::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        ReadError::Io(error)
    }
}

impl From<ReadError> for io::Error {
    /// `UnexpectedEof`, `InvalidData`, or the error itself.
    fn from(error: ReadError) -> io::Error {
        let kind = match error {
            ReadError::Incomplete { .. } => io::ErrorKind::UnexpectedEof,
            ReadError::LimitOverrun { .. } => io::ErrorKind::InvalidData,
            ReadError::Io(error) => return error,
        };
        io::Error::new(kind, error)
    }
}

/// `error` once more, for whoever asks again.
///
/// ```
/// let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
/// assert_eq!(net::again(&full).kind(), full.kind());
/// ```
pub fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
