//! Any descriptor can be waited for: here a pipe, which a thread writes into.
//!
//! twin: same
//! needs: unix

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use net::{AsyncFd, Readiness};
use trace::say;

// ANCHOR: main
fn dispatcher(mut pipe: PipeWriter) -> io::Result<()> {
    for word in ["fare at the station\n", "fare at the port\n"] {
        pipe.write_all(word.as_bytes())?;
    }
    Ok(())
}

/// All that comes, until the end.
async fn hear(pipe: PipeReader) -> io::Result<String> {
    rustix::io::ioctl_fionbio(&pipe, true)?;
    let pipe = AsyncFd::new(pipe)?;
    let (mut heard, mut buffer) = (Vec::new(), [0; 64]);
    loop {
        let read = pipe.run(Readiness::Read, |mut pipe| pipe.read(&mut buffer));
        match read.await? {
            0 => return String::from_utf8(heard).map_err(io::Error::other),
            length => heard.extend(&buffer[..length]),
        }
    }
}

async fn listen() -> io::Result<()> {
    let (ours, theirs) = io::pipe()?;
    let thread = thread::spawn(move || dispatcher(theirs));
    for line in hear(ours).await?.lines() {
        say!("the taxi reads: {line}");
    }
    say!("the pipe has ended");
    thread.join().expect("the dispatcher does not panic")
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), listen())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
