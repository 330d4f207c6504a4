//! Two marks: a writer over a road that takes 8 KiB a second waits at the high one, and goes on at the low one.
//!
//! rows: P20
//! twin: none, a transport that takes so much a second would be longer than the program
//! clock: virtual

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_io::AsyncWrite;
use net::StreamWriter;
use timers::{Sleep, now, sleep};
use trace::say;

// ANCHOR: road
pub const SECOND: Duration = Duration::from_secs(1);

/// Takes 8 KiB, and a second for it.
pub struct Road(pub Pin<Box<Sleep>>);

impl AsyncWrite for Road {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.0.as_mut().poll(context));
        self.0.set(sleep(SECOND));
        Poll::Ready(Ok(bytes.len().min(8 << 10)))
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
// ANCHOR_END: road

// ANCHOR: main
async fn write() -> io::Result<()> {
    let writer = StreamWriter::new(Road(Box::pin(sleep(SECOND))));
    writer.set_write_buffer_limits(64 << 10, 16 << 10);
    for word in 1..=4 {
        writer.write(&[b'.'; 40 << 10]);
        say_kept(&writer, &format!("word {word} is written"));
        writer.drain().await?;
        say_kept(&writer, "drained");
    }
    writer.close();
    writer.wait_closed().await?;
    say_kept(&writer, "closed");
    Ok(())
}

fn say_kept(writer: &StreamWriter<Road>, what: &str) {
    let kept = writer.write_buffer_size() >> 10;
    say!("{:2} s  {what}: {kept} KiB are kept", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), write())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
