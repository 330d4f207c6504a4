//! A server that takes its time, on virtual time: the clock moves although a listener waits all the while.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::{TcpListener, TcpStream};
use tasks::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: server
/// Answers after as many seconds as the client's byte says.
async fn answer(stream: TcpStream) -> io::Result<()> {
    trace::name(format_args!("answer"));
    let mut seconds = [0];
    stream.read(&mut seconds).await?;
    trace::name(format_args!("answer in {} s", seconds[0]));
    sleep(Duration::from_secs(seconds[0].into())).await;
    stream.write_all(&seconds).await
}

async fn serve(listener: TcpListener) -> io::Result<()> {
    trace::name(format_args!("server"));
    loop {
        let (stream, _) = listener.accept().await?;
        let _served_alone = spawn(answer(stream));
    }
}
// ANCHOR_END: server

// ANCHOR: client
async fn ask(name: char, seconds: u8, address: SocketAddr) -> io::Result<()> {
    trace::name(format_args!("client {name}"));
    let stream = TcpStream::connect(address).await?;
    stream.write_all(&[seconds]).await?;
    stream.read(&mut [0]).await?;
    say!("{:2} s  {name} has an answer", now().as_secs());
    Ok(())
}

async fn call() -> io::Result<()> {
    trace::name(format_args!("main"));
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let _server = spawn(serve(listener));
    let clients =
        [('A', 2), ('B', 3), ('C', 1)].map(|(name, s)| spawn(ask(name, s, address)));
    for client in clients {
        client.await?;
    }
    sleep(Duration::from_secs(10)).await;
    say!("{:2} s  nobody has called for 10 s", now().as_secs());
    Ok(())
}
// ANCHOR_END: client

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    readiness::run(clock, call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
