//! Why there is no answer.

use std::error::Error as StdError;
use std::fmt;
use std::io;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The address is none.
    Url,
    /// There is no connection: the name is unknown, nobody listens, nobody is there.
    Connect,
    /// The server cannot prove who it is, or does not speak TLS.
    Tls,
    /// It took too long.
    Timeout,
    /// What came is no answer, or not all of it.
    Http,
    /// It is longer than it may be.
    TooLarge,
    /// It is no text, or no JSON.
    Content,
}

/// Why there is no answer, or not all of it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(
        kind: Kind,
        message: String,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        Error {
            kind,
            message,
            source,
        }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it took too long.
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Timeout
    }

    pub(crate) fn url(url: &str, why: impl fmt::Display) -> Error {
        Error::new(Kind::Url, format!("'{url}' is no address: {why}"), None)
    }

    pub(crate) fn connect(host: &str, error: io::Error) -> Error {
        let message = format!("no connection to {host}: {error}");
        Error::new(Kind::Connect, message, Some(error.into()))
    }

    pub(crate) fn tls(host: &str, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::TimedOut {
            return Error::slow("a connection");
        }
        let message = format!("no secure connection to {host}: {error}");
        Error::new(Kind::Tls, message, Some(error.into()))
    }

    pub(crate) fn slow(what: &str) -> Error {
        Error::new(Kind::Timeout, format!("{what} took too long"), None)
    }

    pub(crate) fn http(error: hyper::Error) -> Error {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            message += &format!(": {inner}");
            cause = inner.source();
        }
        Error::new(Kind::Http, message, Some(error.into()))
    }

    pub(crate) fn too_large(limit: u64) -> Error {
        let message = format!("the answer has more than {limit} bytes");
        Error::new(Kind::TooLarge, message, None)
    }

    pub(crate) fn content(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        let error = error.into();
        Error::new(Kind::Content, error.to_string(), Some(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|it| it as &(dyn StdError + 'static))
    }
}
