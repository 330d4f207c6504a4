//! The echo over TLS, with a certificate made for this run: the protocol is the same.
//!
//! rows: P20
//! twin: none, Python's ssl takes certificates from files, and makes none
//! clock: virtual

use std::io;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::{AsyncReadExt, AsyncWriteExt};
use net::{TcpListener, TcpStream};
use protocols::drive;
use protocols::tls::{self, TlsAcceptor, TlsConnector};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
};
use task_cell::spawn;
use trace::say;

use crate::programs::echo_protocol::Echo;

// ANCHOR: authority
/// Signs certificates. Who trusts it believes what they say.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> io::Result<Authority> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = CertifiedIssuer::self_signed(params, key);
        Ok(Authority(issuer.map_err(io::Error::other)?))
    }

    /// A server that can prove to be `name`, until the end of `year`.
    pub(crate) fn server(&self, name: &str, year: i32) -> io::Result<TlsAcceptor> {
        let params = CertificateParams::new([name.to_string()]);
        let mut params = params.map_err(io::Error::other)?;
        params.not_after = rcgen::date_time_ymd(year, 12, 31);
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let signed = params.signed_by(&key, &self.0).map_err(io::Error::other)?;
        let key = tls::key(key.serialize_der());
        tls::acceptor(vec![signed.into()], key).map_err(io::Error::other)
    }

    /// A client that trusts this authority, and no other.
    pub(crate) fn client(&self) -> io::Result<TlsConnector> {
        tls::connector([self.0.der().clone()]).map_err(io::Error::other)
    }
}
// ANCHOR_END: authority

/// For a handshake.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

// ANCHOR: main
async fn serve(listener: TcpListener, acceptor: TlsAcceptor) -> io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let stream = tls::accept(&acceptor, stream, LIMIT).await?;
    drive(stream, Echo::default()).await;
    say!("server: the connection is lost");
    Ok(())
}

async fn call() -> io::Result<()> {
    let authority = Authority::new("town hall")?;
    let acceptor = authority.server("taxi.example", 2099)?;
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let address = listener.local_addr()?;
    let server = spawn(serve(listener, acceptor));

    let stream = TcpStream::connect(address).await?;
    let connector = authority.client()?;
    let mut stream = tls::connect(&connector, "taxi.example", stream, LIMIT).await?;
    say!("client: it is taxi.example");
    stream.write_all(b"a taxi, please").await?;
    stream.flush().await?;
    let mut heard = [0; 14];
    stream.read_exact(&mut heard).await?;
    say!("client: hears {:?}", String::from_utf8_lossy(&heard));
    stream.close().await?;
    server.await.map_err(io::Error::other)?
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
