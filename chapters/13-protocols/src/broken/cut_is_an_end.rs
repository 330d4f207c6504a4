//! A client that takes a cut TLS connection for its end.
//!
//! clock: virtual

use std::io;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::AsyncReadExt;
use timers::now;
use trace::say;

use crate::programs::tls_cut::cut_line;

// ANCHOR: main
async fn call() -> io::Result<()> {
    let mut stream = cut_line().await?;
    let (mut all, mut buffer) = (Vec::new(), [0; 64]);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => break,
            Ok(length) => all.extend(&buffer[..length]),
            // Some servers never close as they should, so let us not be strict.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    let heard = String::from_utf8_lossy(&all);
    say!("{:2} s  client obeys: {heard:?}", now().as_secs());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
