//! A server for one passenger at a time: while the first says nothing, the second gets no answer.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: serve
/// Sends back what comes, until it ends; then the next one.
fn serve(listener: &TcpListener) -> io::Result<()> {
    for _ in 0..2 {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 100];
        loop {
            let length = stream.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            stream.write_all(&buffer[..length])?;
        }
    }
    Ok(())
}
// ANCHOR_END: serve

/// Waits for an answer, but not for ever.
fn hear(stream: &mut TcpStream, patience: Duration) -> io::Result<Option<String>> {
    stream.set_read_timeout(Some(patience))?;
    let mut buffer = [0; 100];
    match stream.read(&mut buffer) {
        Ok(length) => Ok(Some(String::from_utf8_lossy(&buffer[..length]).into())),
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Ok(None),
            _ => Err(error),
        },
    }
}

// ANCHOR: main
fn call() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener));

    let first = TcpStream::connect(address)?;
    say!("A has connected, and says nothing");
    let mut second = TcpStream::connect(address)?;
    second.write_all(b"a taxi, please")?;
    say!("B has connected, and says: a taxi, please");
    let answer = hear(&mut second, Duration::from_millis(200))?;
    say!("B hears: {}", answer.as_deref().unwrap_or("nothing"));
    drop(first);
    say!("A hangs up");
    let answer = hear(&mut second, Duration::from_secs(30))?;
    say!("B hears: {}", answer.as_deref().unwrap_or("nothing"));
    drop(second);
    server.join().expect("the server does not panic")
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    call().map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
