//! What a handler says when it cannot answer.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

use hyper::StatusCode;

use crate::client;

// ANCHOR: error
/// An answer that is none: a status, and a line for whoever asked.
///
/// Any other error becomes one by `?`: the server's own fault, 500. What it says is for
/// the server's operator, and whoever asked is not told. (A server behind this one that
/// does not answer is 502, or 504 if it took too long.)
///
/// ```
/// use web::{Error, StatusCode};
///
/// fn seats(text: &str) -> Result<u32, Error> {
///     let seats = text.parse()?; // a number that is wrong in our own files, say
///     match seats {
///         1..=4 => Ok(seats),
///         _ => Err(Error::new(StatusCode::BAD_REQUEST, "a taxi has four seats")),
///     }
/// }
///
/// assert_eq!(seats("9").unwrap_err().to_string(), "a taxi has four seats");
/// let fault = seats("many").unwrap_err();
/// assert_eq!(fault.status(), 500);
/// assert_eq!(fault.to_string(), "internal server error");
/// assert_eq!(fault.cause().unwrap().to_string(), "invalid digit found in string");
/// assert_eq!(Error::not_found().status(), 404);
/// ```
pub struct Error {
    status: StatusCode,
    message: String,
    cause: Option<Box<dyn StdError>>,
}
// ANCHOR_END: error

impl Error {
    /// With `message` as the text of the answer.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Error {
        Error {
            status,
            message: message.into(),
            cause: None,
        }
    }

    /// There is nothing here: 404.
    pub fn not_found() -> Error {
        Error::new(StatusCode::NOT_FOUND, "not found")
    }

    /// What was sent is understood, but not what is wanted: 422, and a line that names the `part` and what was given.
    pub(crate) fn unfit(
        part: &str,
        given: Option<&str>,
        why: impl fmt::Display,
    ) -> Error {
        let message = match given {
            Some(given) => format!("{part} '{given}': {why}"),
            // All of it.
            None if part == "." => why.to_string(),
            None => format!("{part}: {why}"),
        };
        Error::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What was wrong, if it is the server's own fault.
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref()
    }
}

impl<E: StdError + 'static> From<E> for Error {
    fn from(cause: E) -> Error {
        let any: &dyn Any = &cause;
        let (status, message) = match any.downcast_ref::<client::Error>() {
            Some(error) if error.is_timeout() => {
                (StatusCode::GATEWAY_TIMEOUT, "another server took too long")
            }
            Some(_) => (StatusCode::BAD_GATEWAY, "another server did not answer"),
            None => (StatusCode::INTERNAL_SERVER_ERROR, "internal server error"),
        };
        Error {
            status,
            message: message.into(),
            cause: Some(Box::new(cause)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("status", &self.status.as_u16())
            .field("message", &self.message)
            .field("cause", &self.cause)
            .finish()
    }
}
