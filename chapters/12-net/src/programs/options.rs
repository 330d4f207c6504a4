//! What can be set of a socket, and what it is if nobody sets it.
//!
//! twin: own, asyncio has set nodelay already

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{TcpListener, TcpStream};
use trace::say;

use crate::programs::echo::local;

// ANCHOR: main
fn show(when: &str, stream: &TcpStream) -> io::Result<()> {
    let on = |is_on| if is_on { "on" } else { "off" };
    let (nodelay, keepalive) = (stream.nodelay()?, stream.options().keepalive()?);
    say!(
        "{when}: nodelay {}, keepalive {}",
        on(nodelay),
        on(keepalive)
    );
    Ok(())
}

async fn call() -> io::Result<()> {
    let listener = TcpListener::bind(local(0))?;
    let stream = TcpStream::connect(listener.local_addr()?).await?;
    show("new", &stream)?;
    stream.set_nodelay(true)?;
    stream.options().set_keepalive(true)?;
    show("set", &stream)
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
