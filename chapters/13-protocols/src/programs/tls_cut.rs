//! Somebody on the way cuts a TLS connection: to TCP that is an ordinary end, and to TLS it is none.
//!
//! twin: none, Python's ssl takes certificates from files, and asyncio hides what this shows
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::{AsyncReadExt, AsyncWriteExt};
use net::{TcpListener, TcpStream};
use protocols::tls::client::TlsStream;
use protocols::tls::{self, TlsAcceptor};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

use crate::programs::tls_echo::{Authority, LIMIT};

// ANCHOR: read
/// All that comes until the end, and how it ended.
async fn hear(stream: &mut TlsStream<TcpStream>) -> (String, io::Result<()>) {
    let (mut all, mut buffer) = (Vec::new(), [0; 64]);
    let end = loop {
        match stream.read(&mut buffer).await {
            Ok(0) => break Ok(()),
            Ok(length) => all.extend(&buffer[..length]),
            Err(error) => break Err(error),
        }
    };
    (String::from_utf8_lossy(&all).into_owned(), end)
}
// ANCHOR_END: read

// ANCHOR: main
/// Says one sentence, in two pieces.
async fn announce(listener: TcpListener, acceptor: TlsAcceptor) -> io::Result<()> {
    let (stream, _) = listener.accept().await?;
    let mut stream = tls::accept(&acceptor, stream, LIMIT).await?;
    for piece in ["all taxis may go home", " after midnight"] {
        sleep(Duration::from_secs(2)).await;
        stream.write_all(piece.as_bytes()).await?;
        stream.flush().await?;
    }
    stream.close().await
}

/// Whoever is on the way: passes everything on for three seconds, then hangs up both ways.
async fn between(listener: TcpListener, to: SocketAddr) -> io::Result<()> {
    let (near, _) = listener.accept().await?;
    let far = TcpStream::connect(to).await?;
    let _too_late = timers::timeout(Duration::from_secs(3), pass_on(&near, &far)).await;
    say!("{:2} s  the line is cut", now().as_secs());
    Ok(())
}

/// The client's end of such a line.
pub(crate) async fn cut_line() -> io::Result<TlsStream<TcpStream>> {
    let authority = Authority::new("town hall")?;
    let server = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let to = server.local_addr()?;
    let way = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    let address = way.local_addr()?;
    let _server = spawn(announce(server, authority.server("taxi.example", 2099)?));
    let _between = spawn(between(way, to));
    let stream = TcpStream::connect(address).await?;
    tls::connect(&authority.client()?, "taxi.example", stream, LIMIT).await
}

async fn call() -> io::Result<()> {
    let mut stream = cut_line().await?;
    let (heard, end) = hear(&mut stream).await;
    let end = end.map_err(|error| error.kind());
    say!(
        "{:2} s  client: {heard:?}, and then {end:?}",
        now().as_secs()
    );
    Ok(())
}
// ANCHOR_END: main

/// Both ways at once.
async fn pass_on(near: &TcpStream, far: &TcpStream) {
    let _ended = combinators::join(one_way(near, far), one_way(far, near)).await;
}

async fn one_way(from: &TcpStream, to: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        match from.read(&mut buffer).await? {
            0 => return Ok(()),
            length => to.write_all(&buffer[..length]).await?,
        }
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
