//! A connection to a server.

use std::net::{IpAddr, SocketAddr};

use futures_io::{AsyncRead, AsyncWrite};
use hyper::Uri;
use hyper::client::conn::http1;
use hyper::header::HeaderValue;
use taxi::hyper::Io;
use taxi::net::TcpStream;
use taxi::spawn_named;
use taxi::time::timeout;

use super::{Error, Sender, Settings};
use crate::Payload;
use crate::tls;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    is_secret: bool,
    /// Without brackets.
    host: String,
    port: Option<u16>,
}

impl Place {
    pub(crate) fn of(uri: &Uri) -> Result<Place, Error> {
        let is_secret = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => {
                return Err(Error::url(&uri.to_string(), "it wants http:// or https://"));
            }
        };
        let host = uri.host().unwrap_or("");
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(Error::url(&uri.to_string(), "it names no host"));
        }
        Ok(Place {
            is_secret,
            host: host.to_ascii_lowercase(),
            port: uri.port_u16(),
        })
    }

    pub(crate) fn host_header(&self) -> HeaderValue {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        let text = match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        };
        HeaderValue::from_str(&text).expect("it was in an address")
    }

    fn port(&self) -> u16 {
        let usual = if self.is_secret { 443 } else { 80 };
        self.port.unwrap_or(usual)
    }
}

pub(crate) async fn connect(place: &Place, settings: &Settings) -> Result<Sender, Error> {
    let limit = settings.connect;
    let stream = timeout(limit, stream(place)).await;
    let stream = stream.map_err(|_| Error::slow("a connection"))?;
    let stream = stream.map_err(|error| Error::connect(&place.host, error))?;
    // Where it cannot be set, small requests may wait for others.
    let _ = stream.set_nodelay(true);
    if !place.is_secret {
        return handshake(stream).await;
    }
    let Some(connector) = &settings.tls else {
        let why = std::io::Error::other("the client was not told whom to trust");
        return Err(Error::tls(&place.host, why));
    };
    let stream = tls::connect(connector, &place.host, stream, limit).await;
    handshake(stream.map_err(|error| Error::tls(&place.host, error))?).await
}

// ANCHOR: stream
/// An address is one; a name is looked up, by a thread.
async fn stream(place: &Place) -> std::io::Result<TcpStream> {
    match place.host.parse::<IpAddr>() {
        Ok(ip) => TcpStream::connect(SocketAddr::new(ip, place.port())).await,
        Err(_) => {
            let name = format!("{}:{}", place.host, place.port());
            taxi::threads::connect(&name).await
        }
    }
}
// ANCHOR_END: stream

/// The connection is a task of its own, which ends with the last sender.
async fn handshake<S>(stream: S) -> Result<Sender, Error>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let shaken = http1::handshake::<_, Payload>(Io::new(stream)).await;
    let (sender, connection) = shaken.map_err(Error::http)?;
    drop(spawn_named("http client", async {
        // What goes wrong, the one who asks hears.
        let _ = connection.await;
    }));
    Ok(sender)
}
