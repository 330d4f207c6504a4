//! A stream that takes eight bytes a second, and what its protocol is told at the two marks.
//!
//! twin: none, asyncio has no such stream, and at the marks it does the same
//! clock: virtual

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_io::{AsyncRead, AsyncWrite};
use protocols::{Protocol, Transport, drive};
use timers::{Sleep, call_later, now, sleep};
use trace::say;

// ANCHOR: road
const SECOND: Duration = Duration::from_secs(1);

/// Takes eight bytes, and a second for it. Nothing comes from it.
struct Road(Pin<Box<Sleep>>);

impl AsyncRead for Road {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Pending
    }
}

impl AsyncWrite for Road {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.0.as_mut().poll(context));
        self.0.set(sleep(SECOND));
        Poll::Ready(Ok(bytes.len().min(8)))
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
/// Writes 16 bytes, which is the high mark, 8 more after half a second, and again 8.
struct Writer;

impl Protocol for Writer {
    fn connection_made(&mut self, transport: Transport) {
        transport.set_write_buffer_limits(16, 8);
        write(&transport, 16);
        for half in [1, 2] {
            let transport = transport.clone();
            call_later(SECOND / 2 * half - SECOND / 4, move || {
                write(&transport, 8);
                if half == 2 {
                    transport.close();
                }
            });
        }
    }

    fn data_received(&mut self, _: &[u8]) {}

    fn pause_writing(&mut self) {
        tell("pause_writing");
    }

    fn resume_writing(&mut self) {
        tell("resume_writing");
    }

    fn connection_lost(&mut self, _: Option<io::Error>) {
        tell("connection_lost");
    }
}

fn write(transport: &Transport, more: usize) {
    transport.write(&[b'.'; 16][..more]);
    tell(&format!("buffered: {}", transport.write_buffer_size()));
}

fn tell(what: &str) {
    say!("{:4} ms  {what}", now().as_nanos() / 1_000_000);
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let writes = async {
        let _ = drive(Road(Box::pin(sleep(SECOND))), Writer).await;
    };
    net::run(Clock::real_if(args.real()), writes)
        .map_err(|error| BadInput::new(error.to_string()))
}
