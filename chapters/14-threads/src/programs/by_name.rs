//! Names: looked up on a thread, and connected to at the first of their addresses that answers.
//!
//! twin: none, asyncio makes the same attempts inside `open_connection`
//! clock: virtual

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::TcpListener;
use threads::{connect, connect_first, lookup};
use timers::now;
use trace::say;

// ANCHOR: main
async fn call() -> io::Result<()> {
    let found = lookup("localhost:80").await?;
    let here = found
        .iter()
        .all(|it| it.ip().is_loopback() && it.port() == 80);
    say!(
        "localhost: {}",
        if here { "this machine" } else { "who knows" }
    );
    if let Err(error) = lookup("Main Street").await {
        say!("Main Street: {}", error.kind());
    }

    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let office = TcpListener::bind(anywhere)?;
    let open = office.local_addr()?;
    // It may be listed first with an address of IPv6, where nobody listens.
    let line = connect(&format!("localhost:{}", open.port())).await?;
    say!("by name: {}", line.peer_addr()? == open);

    let closed = TcpListener::bind(anywhere)?.local_addr()?;
    let line = connect_first(&[closed, open]).await?;
    say!("the second of two: {}", line.peer_addr()? == open);
    if let Err(error) = connect_first(&[closed, closed]).await {
        say!("nobody at either: {}", error.kind());
    }
    say!("{} ms have passed", now().as_nanos() / 1_000_000);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let ended = threads::run(Clock::real_if(args.real()), call());
    ended
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
