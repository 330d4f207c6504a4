//! An echo, line by line: a handler for each who calls.
//!
//! rows: P20
//! twin: same
//! clock: virtual
//! flag: --port P  listen there instead, for nc, until Ctrl-C

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::gather;
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use timers::{now, sleep};
use trace::say;

// ANCHOR: echo
/// Sends back each line, until the end.
async fn echo(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    while let Some(line) = reader.read_line().await? {
        writer.write(format!("{line}\n").as_bytes());
        writer.drain().await?;
    }
    Ok(())
}
// ANCHOR_END: echo

// ANCHOR: passenger
/// Says each word after a wait, and hears it come back.
async fn passenger(name: char, wait: u64, address: SocketAddr) -> io::Result<()> {
    trace::name(format_args!("passenger {name}"));
    let (mut reader, writer) = open_connection(address).await?;
    for word in ["good evening", "a taxi, please", "thank you"] {
        sleep(Duration::from_secs(wait)).await;
        writer.write(format!("{word}\n").as_bytes());
        writer.drain().await?;
        let heard = reader.read_line().await?.unwrap_or_default();
        say!("{:2} s  {name} hears: {}", now().as_secs(), heard);
    }
    Ok(())
}

async fn call() -> io::Result<()> {
    trace::name(format_args!("main"));
    let server = start_server(TcpListener::bind(local(0))?, echo)?;
    let address = server.local_addr();
    let waits = [('A', 4), ('B', 5), ('C', 7)];
    let calls = waits.map(|(name, wait)| passenger(name, wait, address));
    for called in gather(calls).await.map_err(io::Error::other)? {
        called?;
    }
    Ok(())
}
// ANCHOR_END: passenger

// ANCHOR: listen
/// For `nc 127.0.0.1 PORT`.
async fn listen(port: u16) -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(port))?, echo)?;
    let port = server.local_addr().port();
    say!("listening; talk to it with `nc 127.0.0.1 {port}`, end it with Ctrl-C");
    server.wait_closed().await
}
// ANCHOR_END: listen

/// This machine; port 0 lets the operating system choose one.
pub fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let done = match args.number("port", 0..=u16::MAX)? {
        Some(port) => net::run(Clock::real(), listen(port)),
        None => net::run(Clock::real_if(args.real()), call()),
    };
    done.flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
