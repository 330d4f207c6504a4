//! One address, and all cores accept there: the operating system divides the connections.
//!
//! twin: none, it is a socket option: `start_server(…, reuse_port=True)` in a process for each core
//! flag: --port P  listen there instead, for nc, until Enter is pressed
//! needs: linux

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use cores::{Cores, Service};
use trace::say;

const LIMIT: Duration = Duration::from_secs(5);

// ANCHOR: serve
/// Tells each caller which core it is, and waits until the caller hangs up.
fn serve(cores: &Cores, port: u16) -> io::Result<Service> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    cores.serve(address, |stream| async move {
        let name = thread::current().name().unwrap_or("?").to_string();
        stream.write_all(format!("{name}\n").as_bytes()).await?;
        stream.read(&mut [0; 64]).await
    })
}

// ANCHOR_END: serve

/// A call from outside, and which core answers.
fn call(address: SocketAddr) -> io::Result<(TcpStream, String)> {
    let mut line = TcpStream::connect(address)?;
    let mut name = [0; 7];
    line.read_exact(&mut name)?;
    Ok((line, String::from_utf8_lossy(&name).trim().to_string()))
}

// ANCHOR: main
fn divide() -> io::Result<()> {
    let cores = Cores::new(2)?;
    let service = serve(&cores, 0)?;
    let calls = (0..64).map(|_| call(service.local_addr()));
    let calls: Vec<_> = calls.collect::<io::Result<_>>()?;
    // Chosen by a hash of both addresses: all on one core, once in 2 to the 63.
    let answered: BTreeSet<&String> = calls.iter().map(|(_, core)| core).collect();
    say!(
        "{} calls, answered by {} cores",
        calls.len(),
        answered.len()
    );
    drop(calls);
    let cut_off = wakers::block_on(service.shutdown(LIMIT))?;
    say!("cut off: {cut_off}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let port = args.number("port", 0..=u16::MAX)?;
    let ran = match port {
        Some(port) => listen(port),
        None => divide(),
    };
    ran.map_err(|error| BadInput::new(error.to_string()))
}

/// For `nc 127.0.0.1 PORT`.
fn listen(port: u16) -> io::Result<()> {
    let cores = Cores::new(Cores::available())?;
    let service = serve(&cores, port)?;
    let at = service.local_addr().port();
    say!("call `nc 127.0.0.1 {at}` a few times; Enter ends it");
    io::stdin().read_line(&mut String::new())?;
    let cut_off = wakers::block_on(service.shutdown(LIMIT))?;
    say!("cut off: {cut_off}");
    Ok(())
}
