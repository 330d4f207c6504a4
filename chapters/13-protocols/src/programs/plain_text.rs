//! TLS that meets something else, and what each end is told.
//!
//! rows: P49
//! twin: own, OpenSSL has other words; and asyncio tells a server nothing of a handshake that failed
//! clock: virtual

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::{AsyncReadExt, AsyncWriteExt};
use net::{TcpListener, TcpStream};
use protocols::tls::{self, TlsAcceptor, TlsConnector, client, server};
use task_cell::spawn;
use trace::say;

use crate::programs::tls_echo::{Authority, LIMIT};
use crate::programs::tls_refused::words;

type Client = client::TlsStream<TcpStream>;
type Server = server::TlsStream<TcpStream>;

// ANCHOR: ends
/// What comes until the end, or until an error.
async fn hear(name: &str, stream: &mut (impl AsyncReadExt + Unpin)) {
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => return say!("  {name}: the end"),
            Ok(length) => say!("  {name}: {length} bytes"),
            Err(error) => return say!("  {name}: {}", words(&error)),
        }
    }
}

/// Two ends of a connection without TLS.
async fn plain() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let near = TcpStream::connect(listener.local_addr()?).await?;
    Ok((near, listener.accept().await?.0))
}

/// Two ends with it.
async fn both(tools: &(TlsAcceptor, TlsConnector)) -> io::Result<(Client, Server)> {
    let (near, far) = plain().await?;
    let far = spawn(tls::accept(&tools.0, far, LIMIT));
    let near = tls::connect(&tools.1, "taxi.example", near, LIMIT).await?;
    Ok((near, far.await.map_err(io::Error::other)??))
}
// ANCHOR_END: ends

// ANCHOR: main
async fn call() -> io::Result<()> {
    let authority = Authority::new("town hall")?;
    let tools = (authority.server("taxi.example", 2099)?, authority.client()?);

    say!("plain text to a TLS port");
    let (near, far) = plain().await?;
    near.write_all(b"good evening").await?;
    if let Err(error) = tls::accept(&tools.0, far, LIMIT).await {
        say!("  server: the handshake fails: {}", words(&error));
    }
    let mut alert = [0; 16];
    let length = near.read(&mut alert).await?;
    say!("  client: {length} bytes, {:?}", &alert[..length]);

    say!("TLS to a port without it");
    let (near, far) = plain().await?;
    far.write_all(b"220 good evening\r\n").await?;
    if let Err(error) = tls::connect(&tools.1, "taxi.example", near, LIMIT).await {
        say!("  client: the handshake fails: {}", words(&error));
    }

    say!("plain text in the middle of TLS");
    let (near, mut far) = both(&tools).await?;
    near.get_ref().0.write_all(b"good evening").await?;
    hear("server", &mut far).await;

    say!("the client has closed, and the server still sends");
    let (mut near, mut far) = both(&tools).await?;
    near.close().await?;
    far.write_all(b"good evening").await?;
    far.close().await?;
    hear("server", &mut far).await;
    hear("client", &mut near).await;

    say!("the line is cut");
    let (mut near, far) = both(&tools).await?;
    // Without a `close`, so that only the kernel says that it is over.
    drop(far);
    hear("client", &mut near).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
