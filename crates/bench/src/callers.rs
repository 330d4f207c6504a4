//! Those who call the echo of the rows `echo` and `echo-1000`: all connect, and then say something, hear it, and say
//! the next.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Result, ensure};

/// How many bytes a request has. It comes and goes in one piece.
pub const LENGTH: u64 = 64;

/// Calls with `connections` at a time, and makes as many requests on each.
///
/// # Errors
///
/// If a connection fails, or does not say what was said to it.
pub fn call(address: &str, connections: u64, rounds: u64) -> Result<()> {
    let mut streams: Vec<TcpStream> = Vec::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // Heard before the next one calls: few may wait to be accepted.
        say(&mut stream, 0)?;
        hear(&mut stream, 0)?;
        streams.push(stream);
    }
    for round in 1..rounds {
        for stream in &mut streams {
            say(stream, round)?;
        }
        for stream in &mut streams {
            hear(stream, round)?;
        }
    }
    Ok(())
}

fn say(stream: &mut TcpStream, round: u64) -> Result<()> {
    Ok(stream.write_all(&[round as u8; LENGTH as usize])?)
}

fn hear(stream: &mut TcpStream, round: u64) -> Result<()> {
    let mut heard = [0; LENGTH as usize];
    stream.read_exact(&mut heard)?;
    ensure!(heard == [round as u8; LENGTH as usize], "not what was said");
    Ok(())
}

/// Starts a process that makes so many requests at least: the binary `callers`, beside this one. What comes back
/// waits for its end.
#[cfg(not(test))]
pub fn start(address: SocketAddr, connections: u64, requests: u64) -> impl FnOnce() {
    let name = format!("callers{}", std::env::consts::EXE_SUFFIX);
    let this = std::env::current_exe().expect("this binary is somewhere");
    let rounds = requests.div_ceil(connections);
    let mut command = std::process::Command::new(this.with_file_name(name));
    command.args([
        address.to_string(),
        connections.to_string(),
        rounds.to_string(),
    ]);
    let mut child = command.spawn().expect("`callers` is built beside this");
    move || {
        let ended = child.wait().expect("the callers end");
        assert!(ended.success(), "the callers are not content");
    }
}

/// The same on a thread: where this is tested there is no other binary.
#[cfg(test)]
pub fn start(address: SocketAddr, connections: u64, requests: u64) -> impl FnOnce() {
    let rounds = requests.div_ceil(connections);
    let callers =
        std::thread::spawn(move || call(&address.to_string(), connections, rounds));
    move || callers.join().expect("no panic").expect("content")
}
