//! A server that may have no more files open: who calls waits in the queue, until another hangs up.
//!
//! twin: own, asyncio looks again after a second, we after a tenth
//! clock: virtual
//! needs: unix

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{StreamReader, StreamWriter, TcpListener, TcpStream, start_server};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use timers::{now, sleep};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
async fn serve(mut reader: StreamReader, _writer: StreamWriter) -> io::Result<()> {
    let name = reader.read_line().await?.unwrap_or_default();
    say!("{:4} ms  {name} is served", millis());
    reader.read_line().await?;
    say!("{:4} ms  {name} has hung up", millis());
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: calls
async fn calls() -> io::Result<()> {
    let server = start_server(TcpListener::bind(local(0))?, serve)?;
    let address = server.local_addr();
    let a = call("A\n", address).await?;
    sleep(Duration::from_secs(1)).await;
    let limit = one_more_file()?;
    let b = call("B\n", address).await?;
    say!(
        "{:4} ms  B calls, and no file may be opened any more",
        millis()
    );
    sleep(Duration::from_millis(2250)).await;
    drop(a);
    sleep(Duration::from_secs(1)).await;
    setrlimit(Resource::Nofile, limit)?;
    drop(b);
    sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: calls

// ANCHOR: limit
/// From now on one more file may be open than there are. The limit before.
pub fn one_more_file() -> io::Result<Rlimit> {
    let free = File::open("/dev/null")?.as_raw_fd(); // The lowest that is free.
    let before = getrlimit(Resource::Nofile);
    let current = Some(free as u64 + 1);
    setrlimit(Resource::Nofile, Rlimit { current, ..before })?;
    Ok(before)
}
// ANCHOR_END: limit

fn millis() -> u64 {
    now().as_nanos() / 1_000_000
}

async fn call(name: &str, address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.write_all(name.as_bytes()).await?;
    Ok(stream)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), calls())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
