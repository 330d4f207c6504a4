//! One thread accepts, and sends each connection to the next core: nobody is left out, and every one is handed over.
//!
//! twin: none, it has no loops that speak to one another

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
async fn answer(stream: TcpStream) -> io::Result<()> {
    // A stream of std is `Send`; one of ours belongs to a loop.
    let stream = net::TcpStream::from_std(stream)?;
    let name = thread::current().name().unwrap_or("?").to_string();
    stream.write_all(name.as_bytes()).await
}

fn divide() -> io::Result<()> {
    let cores = Cores::new(2)?;
    let door = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    for _ in 0..4 {
        let mut caller = TcpStream::connect(door.local_addr()?)?;
        let (stream, _) = door.accept()?;
        drop(cores.spawn(move || answer(stream)));
        let mut name = String::new();
        caller.read_to_string(&mut name)?;
        say!("{name}");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    divide().map_err(|error| BadInput::new(error.to_string()))
}
