//! A server that ends well: it accepts nobody new, waits for those under way, and cuts off the rest.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::gather_handles;
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, open_connection, start_server};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
/// Drives for as many seconds as the passenger says.
async fn ride(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    let seconds = reader.read_line().await?.unwrap_or_default();
    let seconds = seconds.parse().map_err(io::Error::other)?;
    sleep(Duration::from_secs(seconds)).await;
    writer.write(b"here we are\n");
    writer.drain().await
}

async fn passenger(name: char, seconds: u64, address: SocketAddr) -> io::Result<()> {
    let (mut reader, writer) = open_connection(address).await?;
    writer.write(format!("{seconds}\n").as_bytes());
    writer.drain().await?;
    let line = reader.read_line().await?;
    let heard = line.as_deref().unwrap_or("the end");
    say!("{:2} s  {name} hears: {heard}", now().as_secs());
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: serve
async fn serve() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, ride)?;
    let address = server.local_addr();
    let who = [('A', 2), ('B', 5), ('C', 60)];
    let passengers = who.map(|(name, seconds)| spawn(passenger(name, seconds, address)));
    sleep(Duration::from_secs(3)).await;
    say!("{:2} s  the office closes", now().as_secs());
    server.close();
    sleep(Duration::from_secs(1)).await;
    if open_connection(address).await.is_err() {
        say!("{:2} s  D is refused", now().as_secs());
    }
    let cut_off = server.shutdown(Duration::from_secs(10)).await;
    say!("{:2} s  {cut_off} was cut off", now().as_secs());
    gather_handles(passengers).await.map_err(io::Error::other)?;
    Ok(())
}
// ANCHOR_END: serve

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
