//! TLS, or types that say that there is none, so that nothing else has to ask.

#[cfg(feature = "tls")]
pub(crate) use taxi::protocols::tls::{TlsAcceptor, TlsConnector, accept, connect};

#[cfg(not(feature = "tls"))]
pub(crate) use none::{TlsAcceptor, TlsConnector, accept, connect};

#[cfg(not(feature = "tls"))]
mod none {
    use std::io;
    use std::time::Duration;

    /// Nobody has one.
    #[derive(Debug, Clone)]
    pub enum TlsAcceptor {}

    /// Nobody has one.
    #[derive(Debug, Clone)]
    pub enum TlsConnector {}

    pub(crate) async fn accept<S>(
        acceptor: &TlsAcceptor,
        _: S,
        _: Duration,
    ) -> io::Result<S> {
        match *acceptor {}
    }

    pub(crate) async fn connect<S>(
        connector: &TlsConnector,
        _: &str,
        _: S,
        _: Duration,
    ) -> io::Result<S> {
        match *connector {}
    }
}
