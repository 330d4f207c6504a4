//! Frames: a length, then as many bytes. One that is cut off says how much of it came.
//!
//! twin: same
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{ReadError, StreamReader, TcpListener, TcpStream};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: frame
/// How long a frame may be.
const MOST: usize = 64 * 1024;

/// The next frame: four bytes for its length, and then that many. None at the end.
async fn read_frame(reader: &mut StreamReader<TcpStream>) -> io::Result<Option<String>> {
    let length = match reader.read_exactly(4).await {
        Err(ReadError::Incomplete { partial, .. }) if partial.is_empty() => {
            return Ok(None); // The end, between two frames.
        }
        length => length.map_err(|error| cut("a length", error))?,
    };
    let length = length
        .into_iter()
        .fold(0, |sum, byte| sum << 8 | usize::from(byte));
    if length > MOST {
        return Err(io::Error::other(format!("too long: {length} bytes")));
    }
    let frame = reader.read_exactly(length).await;
    let frame = frame.map_err(|error| cut("a frame", error))?;
    Ok(Some(String::from_utf8_lossy(&frame).into_owned()))
}
// ANCHOR_END: frame

// ANCHOR: cut
/// Says what was cut off, if that is the error.
fn cut(what: &str, error: ReadError) -> io::Error {
    match error {
        ReadError::Incomplete {
            partial,
            expected: Some(expected),
        } => io::Error::other(format!(
            "{what} was cut off: {} of {expected} bytes, \"{}\"",
            partial.len(),
            partial.escape_ascii()
        )),
        error => error.into(),
    }
}
// ANCHOR_END: cut

// ANCHOR: ends
async fn listen(stream: TcpStream) {
    let mut reader = StreamReader::new(stream);
    loop {
        let read = read_frame(&mut reader).await;
        let second = now().as_secs();
        match read {
            Ok(Some(frame)) => say!("{second} s  a frame: {frame}"),
            Ok(None) => return say!("{second} s  the end"),
            Err(error) => return say!("{second} s  {error}"),
        }
    }
}

fn frame(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("a short text");
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

async fn send(address: SocketAddr, pieces: &[&[u8]]) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    for piece in pieces {
        stream.write_all(piece).await?;
        sleep(Duration::from_secs(1)).await;
    }
    drop(stream);
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

async fn call(address: SocketAddr) -> io::Result<()> {
    let two = [frame("a taxi, please"), frame("to the station")].concat();
    send(address, &[&two[..2], &two[2..20], &two[20..]]).await?;
    send(address, &[&frame("and back again")[..11]]).await?;
    send(address, &[&frame("or not")[..3]]).await?;
    send(address, &[b"GET / HTTP/1.1\r\n\r\n"]).await
}
// ANCHOR_END: ends

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let caller = spawn(call(listener.local_addr()?));
    for _ in 0..4 {
        listen(listener.accept().await?.0).await;
    }
    caller.await.map_err(io::Error::other)?
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
