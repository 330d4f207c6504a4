//! A server that is told to end by SIGTERM: it accepts nobody, lets those under way finish, and cuts the late ones off.
//!
//! twin: same
//! clock: virtual
//! flag: --port P  listen there instead, for nc, until Ctrl-C or SIGTERM
//! needs: unix

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::select;
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use processes::{SIGINT, SIGTERM, raise, signal};
use task_cell::{JoinHandle, spawn};
use timers::{call_later, now, sleep};
use trace::say;

// ANCHOR: ride
/// A customer says how many seconds the ride takes, and is told when it is over.
async fn ride(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    let line = reader.read_line().await?.unwrap_or_default();
    let seconds = line.trim().parse().unwrap_or(0);
    sleep(Duration::from_secs(seconds)).await;
    writer.write(b"we are there\n");
    writer.drain().await
}

/// Serves until it is asked to end, and then for `limit` at most.
async fn serve(listener: TcpListener, limit: Duration) -> io::Result<()> {
    let (mut term, mut key) = (signal(SIGTERM)?, signal(SIGINT)?);
    let server = start_server(listener, ride)?;
    select(term.recv(), key.recv()).await;
    say!(
        "{} s  asked to end; rides: {}",
        now().as_secs(),
        server.connections()
    );
    let cut_off = server.shutdown(limit).await;
    say!("{} s  the end; cut off: {cut_off}", now().as_secs());
    Ok(())
}
// ANCHOR_END: ride

// ANCHOR: main
async fn customer(name: char, seconds: u64, address: SocketAddr) -> io::Result<()> {
    let (mut reader, writer) = open_connection(address).await?;
    writer.write(format!("{seconds}\n").as_bytes());
    let told = match reader.read_line().await {
        Ok(Some(line)) => line,
        Ok(None) => "the line is dead".to_string(),
        Err(error) => error.to_string(),
    };
    say!("{} s  {name} hears: {told}", now().as_secs());
    Ok(())
}

async fn night() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let server = spawn(serve(listener, Duration::from_secs(10)));
    let rides = [('A', 2), ('B', 8), ('C', 60)];
    let customers: Vec<JoinHandle<_>> = rides
        .map(|(name, seconds)| spawn(customer(name, seconds, address)))
        .into();
    call_later(Duration::from_secs(5), || {
        raise(SIGTERM).unwrap_or_default();
    });
    sleep(Duration::from_secs(6)).await;
    let late = open_connection(address).await;
    say!("{} s  D is taken: {}", now().as_secs(), late.is_ok());
    for customer in customers {
        customer.await.map_err(io::Error::other)??;
    }
    server.await.map_err(io::Error::other)?
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let failed = |error: io::Error| BadInput::new(error.to_string());
    if let Some(port) = args.number("port", 0..=u16::MAX)? {
        return net::run(Clock::real(), listen(port))
            .flatten()
            .map_err(failed);
    }
    let clock = Clock::real_if(args.real());
    net::run(clock, night()).flatten().map_err(failed)
}

/// For `nc 127.0.0.1 PORT`.
async fn listen(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
    let port = listener.local_addr()?.port();
    say!("say to `nc 127.0.0.1 {port}` how many seconds; end it with Ctrl-C");
    serve(listener, Duration::from_secs(10)).await
}
