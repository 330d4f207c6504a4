//! An echo, as straight-line code: each passenger has a task, and the tasks share one thread.
//!
//! rows: P20
//! twin: same
//! clock: virtual
//! flag: --port P  listen there instead, for nc, until Ctrl-C

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::{JoinHandle, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: echo
/// Sends back what comes, until it ends.
async fn echo(stream: TcpStream) -> io::Result<()> {
    trace::name(format_args!("echo"));
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..length]).await?;
    }
}

/// A task for each who calls.
async fn serve(listener: TcpListener) -> io::Result<()> {
    trace::name(format_args!("server"));
    loop {
        let (stream, from) = listener.accept().await?;
        let _served_alone = spawn(async move {
            if let Err(error) = echo(stream).await {
                eprintln!("{from}: {error}");
            }
        });
    }
}
// ANCHOR_END: echo

// ANCHOR: passenger
/// Says each word after a wait, and hears it come back.
async fn passenger(name: char, wait: u64, address: SocketAddr) -> io::Result<()> {
    trace::name(format_args!("passenger {name}"));
    let stream = TcpStream::connect(address).await?;
    for word in ["good evening", "a taxi, please", "thank you"] {
        sleep(Duration::from_secs(wait)).await;
        stream.write_all(word.as_bytes()).await?;
        let mut heard = vec![0; word.len()];
        let mut length = 0;
        while length < heard.len() {
            match stream.read(&mut heard[length..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => length += more,
            }
        }
        let heard = String::from_utf8_lossy(&heard).into_owned();
        say!("{:2} s  {name} hears: {heard}", now().as_secs());
    }
    Ok(())
}
// ANCHOR_END: passenger

// ANCHOR: main
async fn call() -> io::Result<()> {
    trace::name(format_args!("main"));
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let _server = spawn(serve(listener));
    let waits = [('A', 4), ('B', 5), ('C', 7)];
    let passengers: Vec<JoinHandle<io::Result<()>>> = waits
        .map(|(name, wait)| spawn(passenger(name, wait, address)))
        .into();
    for passenger in passengers {
        passenger.await?;
    }
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let failed = |error: io::Error| BadInput::new(error.to_string());
    if let Some(port) = args.number("port", 0..=u16::MAX)? {
        return readiness::run(Clock::real(), listen(port))
            .flatten()
            .map_err(failed);
    }
    let clock = Clock::real_if(args.real());
    readiness::run(clock, call()).flatten().map_err(failed)
}
// ANCHOR_END: main

/// For `nc 127.0.0.1 PORT`.
async fn listen(port: u16) -> io::Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let listener = TcpListener::bind(address).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
    })?;
    let port = listener.local_addr()?.port();
    say!("listening; talk to it with `nc 127.0.0.1 {port}`, end it with Ctrl-C");
    serve(listener).await
}
