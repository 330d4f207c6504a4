//! Certificates that a client does not accept, and what each end hears of it.
//!
//! twin: none, Python's ssl takes certificates from files, and makes none
//! clock: virtual

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use protocols::tls::rustls::Error;
use protocols::tls::{self, TlsAcceptor, TlsConnector};
use task_cell::spawn;
use trace::say;

use crate::programs::tls_echo::{Authority, LIMIT};

// ANCHOR: words
/// What rustls says, less names and times.
pub(crate) fn words(error: &io::Error) -> String {
    let words = match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(Error::InvalidCertificate(why)) => format!("{why:?}"),
        Some(why) => format!("{why:?}"),
        None if error.kind() == io::ErrorKind::UnexpectedEof => "UnexpectedEof".into(),
        None => error.to_string(),
    };
    words.split(" {").next().unwrap_or(&words).to_string()
}
// ANCHOR_END: words

// ANCHOR: main
/// Greets by TLS, and says how that went at both ends.
async fn meet(acceptor: TlsAcceptor, connector: TlsConnector) -> io::Result<()> {
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let address = listener.local_addr()?;
    let server = spawn(async move {
        let (stream, _) = listener.accept().await?;
        tls::accept(&acceptor, stream, LIMIT).await.map(drop)
    });
    let stream = TcpStream::connect(address).await?;
    let client = tls::connect(&connector, "taxi.example", stream, LIMIT).await;
    let server = server.await.map_err(io::Error::other)?;
    for (end, result) in [("client", client.map(drop)), ("server", server)] {
        match result {
            Ok(()) => say!("  {end}: fine"),
            Err(error) => say!("  {end}: {}", words(&error)),
        }
    }
    Ok(())
}

async fn call() -> io::Result<()> {
    let ours = Authority::new("town hall")?;
    let others = Authority::new("somebody")?;
    say!("the right certificate");
    meet(ours.server("taxi.example", 2099)?, ours.client()?).await?;
    say!("signed by somebody we do not trust");
    meet(others.server("taxi.example", 2099)?, ours.client()?).await?;
    say!("that of another server");
    meet(ours.server("bus.example", 2099)?, ours.client()?).await?;
    say!("no longer valid");
    meet(ours.server("taxi.example", 2001)?, ours.client()?).await
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
