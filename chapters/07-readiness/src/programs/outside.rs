//! Virtual time waits for somebody outside: a thread that answers when it likes is not overtaken by an hour.
//!
//! twin: none, the loop that runs the twins knows of its own threads only

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use readiness::TcpListener;
use timers::{Elapsed, now, outside, sleep, timeout};
use trace::say;

// ANCHOR: main
/// Calls from another thread, thinks for a while, and says a word.
fn call(address: SocketAddr) -> io::Result<()> {
    let mut line = std::net::TcpStream::connect(address)?;
    thread::sleep(Duration::from_millis(50));
    line.write_all(b"taxi!")?;
    line.read_exact(&mut [0; 5])
}

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    // Nobody could know that the thread will connect: it has to be said.
    let promise = outside();
    let caller = thread::spawn(move || call(address));
    let (stream, _) = listener.accept().await?;
    drop(promise);

    // From here on the loop knows: the other end of the stream is not in it.
    let mut word = [0; 5];
    match timeout(Duration::from_secs(3600), stream.read(&mut word)).await {
        Ok(length) => say!("{} s  {} bytes from outside", now().as_secs(), length?),
        Err(Elapsed) => say!("{} s  an hour has passed", now().as_secs()),
    }
    sleep(Duration::from_secs(3600)).await;
    say!("{} s  an hour later", now().as_secs());
    stream.write_all(&word).await?;
    caller.join().expect("the caller does not panic")
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    readiness::run(Clock::virtual_time(), serve())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
