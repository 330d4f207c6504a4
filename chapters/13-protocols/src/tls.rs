//! TLS over any stream: rustls keeps the secrets, and this brings the bytes.
//!
//! A TLS stream is one more stream: read it, write it, or [drive](crate::drive) a protocol by it. Three things differ from
//! TCP. Whoever is at the other end has shown a certificate, or there is no stream. Closing says so
//! (`close_notify`): an end without it may be somebody who cuts the line, and is an error. And what is written may lie in
//! the stream until it is flushed.
//!
//! ```
//! use event_loop::Clock;
//! use protocols::{Protocol, Transport, drive, tls};
//! use std::time::Duration;
//!
//! struct Greeter;
//!
//! impl Protocol for Greeter {
//!     fn connection_made(&mut self, transport: Transport) {
//!         transport.write(b"your taxi is here");
//!         transport.close();
//!     }
//!     fn data_received(&mut self, _: &[u8]) {}
//! }
//!
//! struct Ear(Vec<u8>);
//!
//! impl Protocol for Ear {
//!     fn data_received(&mut self, data: &[u8]) {
//!         self.0.extend(data);
//!     }
//! }
//!
//! // A certificate that is signed by itself: whoever is to trust it must have it.
//! let made = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
//! let (certificate, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
//! let acceptor = tls::acceptor(vec![certificate.clone()], tls::key(key)).unwrap();
//! let connector = tls::connector([certificate]).unwrap();
//! let limit = Duration::from_secs(60);
//!
//! net::run(Clock::virtual_time(), async {
//!     let listener = net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
//!     let address = listener.local_addr()?;
//!     let server = task_cell::spawn(async move {
//!         let (stream, _) = listener.accept().await?;
//!         let stream = tls::accept(&acceptor, stream, limit).await?;
//!         drive(stream, Greeter).await;
//!         std::io::Result::Ok(())
//!     });
//!     let stream = net::TcpStream::connect(address).await?;
//!     let stream = tls::connect(&connector, "localhost", stream, limit).await?;
//!     let ear = drive(stream, Ear(Vec::new())).await;
//!     assert_eq!(ear.0, b"your taxi is here");
//!     server.await.unwrap()
//! })??;
//! # Ok::<(), std::io::Error>(())
//! ```

use std::future::poll_fn;
use std::io;
use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};
use futures_rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::crypto::ring;
use rustls::{ClientConfig, InvalidMessage, RootCertStore, ServerConfig};
use timers::timeout;

pub use futures_rustls::{TlsAcceptor, TlsConnector, client, pki_types, server};
pub use rustls;

// ANCHOR: configs
/// What a client needs: it trusts servers whose certificates are among `trusted`, or signed
/// by one of those. What else can be chosen, [`rustls`] has.
///
/// # Errors
///
/// If one is no certificate.
pub fn connector(
    trusted: impl IntoIterator<Item = CertificateDer<'static>>,
) -> Result<TlsConnector, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in trusted {
        roots.add(certificate)?;
    }
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config).into())
}

/// What a server needs: its certificate, followed by those that lead to one which clients
/// trust, and its key.
///
/// # Errors
///
/// If the key is not that of the first certificate.
pub fn acceptor(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Arc::new(config).into())
}
// ANCHOR_END: configs

// ANCHOR: handshakes
/// Makes `stream` a TLS stream to the server `name`, which must show a certificate of
/// that name within `limit`.
///
/// # Errors
///
/// If it does not, if `name` is no name, and if `stream` fails.
#[track_caller]
pub fn connect<S: AsyncRead + AsyncWrite + Unpin>(
    connector: &TlsConnector,
    name: &str,
    stream: S,
    limit: Duration,
) -> impl Future<Output = io::Result<client::TlsStream<S>>> + use<S> {
    let location = Location::caller();
    let name = ServerName::try_from(name.to_string());
    let connector = connector.clone();
    async move {
        let name = name.map_err(|it| io::Error::new(io::ErrorKind::InvalidInput, it))?;
        shaken(connector.connect(name, stream), limit, location).await
    }
}

/// Makes `stream`, which comes from a client, a TLS stream within `limit`.
///
/// # Errors
///
/// If the client does not like the certificate, does not speak TLS, or does not speak;
/// and if `stream` fails.
#[track_caller]
pub fn accept<S: AsyncRead + AsyncWrite + Unpin>(
    acceptor: &TlsAcceptor,
    stream: S,
    limit: Duration,
) -> impl Future<Output = io::Result<server::TlsStream<S>>> + use<S> {
    shaken(acceptor.accept(stream), limit, Location::caller())
}

async fn shaken<T>(
    handshake: impl Future<Output = io::Result<T>>,
    limit: Duration,
    location: &'static Location<'static>,
) -> io::Result<T> {
    let mut handshake = pin!(timeout(limit, handshake));
    let ended = poll_fn(|context| {
        let polled = handshake.as_mut().poll(context);
        if polled.is_pending() {
            polling::suspended(location, "TLS handshake");
        }
        polled
    });
    match ended.await {
        Ok(result) => result.map_err(in_words),
        Err(_elapsed) => Err(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("the TLS handshake took longer than {limit:?}"),
        )),
    }
}
// ANCHOR_END: handshakes

/// What usually is the matter when the other side sends what is no TLS at all.
fn in_words(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|it| it.downcast_ref());
    let no_tls = matches!(
        inner,
        Some(rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType
        ))
    );
    match no_tls {
        true => io::Error::new(
            error.kind(),
            format!("the other side does not speak TLS: {error}"),
        ),
        false => error,
    }
}

/// A private key, as programs that make certificates give it: in PKCS #8, binary.
pub fn key(pkcs8: Vec<u8>) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(pkcs8.into())
}
