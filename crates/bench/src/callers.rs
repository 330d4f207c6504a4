//! Those who call the servers: all connect, and then say something, hear the answer, and say the next.

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::str::FromStr;

use anyhow::{Error, Result, bail, ensure};

/// How many bytes a request to an echo has. It comes and goes in one piece.
pub const LENGTH: u64 = 64;

/// What an HTTP server answers.
pub const HELLO: &str = "taxi!";

/// What they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Bytes that are to come back.
    Echo,
    /// A request of HTTP, which is answered with [`HELLO`].
    Http,
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Words::Echo => "echo",
            Words::Http => "http",
        })
    }
}

impl FromStr for Words {
    type Err = Error;

    fn from_str(word: &str) -> Result<Words> {
        match word {
            "echo" => Ok(Words::Echo),
            "http" => Ok(Words::Http),
            _ => bail!("echo or http, not {word}"),
        }
    }
}

/// Calls with `connections` at a time, and makes as many requests on each.
///
/// # Errors
///
/// If a connection fails, or does not answer what it should.
pub fn call(words: Words, address: &str, connections: u64, rounds: u64) -> Result<()> {
    let mut streams: Vec<TcpStream> = Vec::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // Heard before the next one calls: few may wait to be accepted.
        say(words, &mut stream, 0)?;
        hear(words, &mut stream, 0)?;
        streams.push(stream);
    }
    for round in 1..rounds {
        for stream in &mut streams {
            say(words, stream, round)?;
        }
        for stream in &mut streams {
            hear(words, stream, round)?;
        }
    }
    Ok(())
}

fn say(words: Words, stream: &mut TcpStream, round: u64) -> Result<()> {
    let round = [round as u8; LENGTH as usize];
    let bytes: &[u8] = match words {
        Words::Echo => &round,
        Words::Http => b"GET /hello HTTP/1.1\r\nhost: taxi\r\n\r\n",
    };
    Ok(stream.write_all(bytes)?)
}

fn hear(words: Words, stream: &mut TcpStream, round: u64) -> Result<()> {
    match words {
        Words::Echo => {
            let mut heard = [0; LENGTH as usize];
            stream.read_exact(&mut heard)?;
            ensure!(heard == [round as u8; LENGTH as usize], "not what was said");
        }
        Words::Http => {
            let (mut heard, mut length) = ([0; 1024], 0);
            while !heard[..length].ends_with(HELLO.as_bytes()) {
                let more = stream.read(&mut heard[length..])?;
                ensure!(more > 0, "it ends before it has answered");
                length += more;
            }
            ensure!(heard.starts_with(b"HTTP/1.1 200 OK\r\n"), "not 200 OK");
        }
    }
    Ok(())
}

/// Starts a process that makes so many requests at least: the binary `callers`, beside this one. What comes back
/// waits for its end.
#[cfg(not(test))]
pub fn start(
    words: Words,
    address: SocketAddr,
    connections: u64,
    requests: u64,
) -> impl FnOnce() {
    let name = format!("callers{}", std::env::consts::EXE_SUFFIX);
    let this = std::env::current_exe().expect("this binary is somewhere");
    let rounds = requests.div_ceil(connections);
    let mut command = std::process::Command::new(this.with_file_name(name));
    command.args([
        words.to_string(),
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
pub fn start(
    words: Words,
    address: SocketAddr,
    connections: u64,
    requests: u64,
) -> impl FnOnce() {
    let rounds = requests.div_ceil(connections);
    let callers = std::thread::spawn(move || {
        call(words, &address.to_string(), connections, rounds)
    });
    move || callers.join().expect("no panic").expect("content")
}
